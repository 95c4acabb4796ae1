<?php // An application behind Hallpass: HALLPASS=http://127.0.0.1:8080 API_KEY=... php -S 127.0.0.1:3000 app.php
// The ltik is the session: it travels in the form, since many browsers keep no cookies in a frame, and needs the API key.
declare(strict_types=1);
function ask(string $ltik, string $path, ?array $body = null): ?array
{
    $headers = ['Authorization: LTIK-AUTH-V2 ' . getenv('API_KEY') . ":$ltik", 'Content-Type: application/json'];
    $post = $body ? ['method' => 'POST', 'content' => json_encode($body)] : [];
    $http = stream_context_create(['http' => $post + ['header' => $headers, 'timeout' => 30, 'ignore_errors' => true]]);
    $answer = @fopen(getenv('HALLPASS') . $path, 'r', false, $http);
    $status = $answer ? (int) explode(' ', stream_get_meta_data($answer)['wrapper_data'][0])[1] : 0;
    $found = json_decode($answer ? (string) stream_get_contents($answer) : '', true);
    if ($status < 200 || $status > 299) { // it says why (a launch that is over, …), unless it is a proxy
        throw new RuntimeException($found['details']['description'] ?? "Hallpass can't be reached (status $status)");
    }
    return $found;
}
function students(string $ltik, string $query = 'role=Learner'): array
{
    $page = ask($ltik, "/api/memberships?$query");
    $more = isset($page['next']) ? students($ltik, 'url=' . rawurlencode($page['next'])) : [];
    return [...$page['members'], ...$more];
}
function grade(string $ltik, array $token, string $user, string $score): string
{
    $score = is_numeric($score) ? (float) $score : throw new RuntimeException('there is no score');
    $graded = ['scoreGiven' => $score, 'activityProgress' => 'Completed', 'gradingProgress' => 'FullyGraded'];
    $column = $token['services']['assignmentAndGrades']['lineItemId'] ?? throw new RuntimeException('this link has no column');
    ask($ltik, '/api/lineitems/' . rawurlencode($column) . '/scores', ['userId' => $user] + $graded);
    return 'The grade is in the gradebook.';
}
function attempt(string $what, callable $work): array|string|null // what fails becomes a line on the page and in the log
{
    try {
        return $work();
    } catch (Throwable $error) {
        error_log("$what: {$error->getMessage()}");
        return "$what: {$error->getMessage()}";
    }
}
header('Referrer-Policy: no-referrer');
$ltik = preg_replace('/[^\w.-]/', '', $_POST['ltik'] ?? $_GET['ltik'] ?? '');
$token = attempt('No launch', fn() => ask($ltik, '/api/idtoken'));
if (!is_array($token)) {
    http_response_code(403);
    exit('<h1>Please open this again from your course</h1>');
}
$teaches = $token['user']['role'] === 'instructor';
$grade = fn() => grade($ltik, $token, $_POST['user'], $_POST['score']);
$graded = $teaches && $_POST ? attempt('The grade was not taken', $grade) : null;
$listed = $teaches && $token['services']['namesAndRoles']['available'];
$students = $listed ? attempt('There is no roster', fn() => students($ltik)) : null;
?>
<h1>Hello <?= htmlspecialchars($token['user']['name'] ?? 'there') ?></h1><p>You are here as <?= $token['user']['role'] ?>.</p>
<?php foreach (array_filter([$graded, $students], 'is_string') as $line): ?><p><?= htmlspecialchars($line) ?></p><?php endforeach ?>
<?php if (is_array($students)): ?>
<form method="post" action="/launch"><input type="hidden" name="ltik" value="<?= $ltik ?>"><?= count($students) ?> students:
<select name="user"><?php foreach ($students as $one): ?>
<option value="<?= htmlspecialchars($one['userId']) ?>"><?= htmlspecialchars($one['name'] ?? $one['userId']) ?></option>
<?php endforeach ?></select> <input name="score" type="number" min="0" required> <button>Grade</button></form>
<?php endif ?>
