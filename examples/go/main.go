// An application behind Hallpass: HALLPASS=http://127.0.0.1:8080 API_KEY=... PORT=3000 go run main.go
package main

import (
	"encoding/json"
	"html/template"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
)

type answer struct { // what is read here, of every answer
	User, Launch, Details struct{ Name, Role, LineItemID, Description string } // details say why it was refused
	Services              struct{ NamesAndRoles struct{ Available bool } }
	Members               []struct{ UserID, Name string }
	Next                  string
}

var page = template.Must(template.New("").Parse(`{{if not .ok}}<h1>Please open this again from your course</h1>{{else}}
<h1>Hello {{or .token.User.Name "there"}}</h1><p>You are here as {{.token.User.Role}}.</p>{{with .graded}}<p>{{.}}</p>{{end}}
{{with .unread}}<p>{{.}}</p>{{else}}{{with .token.Members}}<form method="post" action="/launch">{{len .}} students: <select name="user">
{{range .}}<option value="{{.UserID}}">{{or .Name .UserID}}</option>{{end}}</select><input type="hidden" name="ltik" value="{{$.ltik}}">
<input name="score" type="number" min="0" required> <button>Grade</button></form>{{end}}{{end}}{{end}}`))

func ask(ltik, method, path, body string) (found answer, ok bool) {
	request, err := http.NewRequest(method, os.Getenv("HALLPASS")+path, strings.NewReader(body))
	if err != nil {
		log.Fatal("HALLPASS: ", err)
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"LTIK-AUTH-V2 " + os.Getenv("API_KEY") + ":" + ltik}}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		response = &http.Response{Status: err.Error(), StatusCode: http.StatusBadGateway, Body: http.NoBody}
	}
	defer response.Body.Close()
	err = json.NewDecoder(response.Body).Decode(&found)
	log.Print(method, " ", path, ": ", response.Status, " ", found.Details.Description)
	return found, response.StatusCode == http.StatusNoContent || err == nil && response.StatusCode < 300
}
func launch(w http.ResponseWriter, r *http.Request) {
	ltik, graded, unread := r.FormValue("ltik"), "", "" // the ltik is the session: many browsers keep no cookies in a frame
	token, ok := ask(ltik, "GET", "/api/idtoken", "")
	if token.User.Role == "instructor" && r.Method == "POST" {
		score, _ := json.Marshal(map[string]any{"userId": r.FormValue("user"), "scoreGiven": json.RawMessage(r.FormValue("score")), // "" is no 0
			"activityProgress": "Completed", "gradingProgress": "FullyGraded"})
		no, taken := ask(ltik, "POST", "/api/lineitems/"+url.PathEscape(token.Launch.LineItemID)+"/scores", string(score))
		graded = map[bool]string{true: "The grade is in the gradebook.", false: "The grade was not taken: " + no.Details.Description}[taken]
	}
	for query := "role=Learner"; token.User.Role == "instructor" && token.Services.NamesAndRoles.Available && query != "url="; {
		found, isRead := ask(ltik, "GET", "/api/memberships?"+query, "")
		unread = map[bool]string{false: "There is no roster: " + found.Details.Description}[isRead]
		token.Members, query = append(token.Members, found.Members...), "url="+url.QueryEscape(found.Next)
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(map[bool]int{true: http.StatusOK, false: http.StatusForbidden}[ok])
	page.Execute(w, map[string]any{"ok": ok, "token": token, "ltik": ltik, "graded": graded, "unread": unread})
}
func main() { panic(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(launch))) }
