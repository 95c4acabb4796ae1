//! Launches and people by day, month and platform.

use super::texts;

texts! {
    SAYS {
        en: "Days and months are those of UTC. Numbers are up to five minutes old, and test persons aren't counted.",
        es: "Los días y los meses son los de UTC. Las cifras tienen hasta cinco minutos, y las personas de prueba no se cuentan.",
        fr: "Les jours et les mois sont ceux de l’UTC. Les chiffres ont jusqu’à cinq minutes, et les personnes de test ne sont pas comptées.",
        de: "Tage und Monate sind die der UTC. Die Zahlen sind bis zu fünf Minuten alt, und Testpersonen zählen nicht.",
        pt: "Os dias e os meses são os do UTC. Os números têm até cinco minutos, e as pessoas de teste não são contadas.",
    }
    LAUNCHES { en: "Launches", es: "Accesos", fr: "Lancements", de: "Starts", pt: "Acessos" }
    PEOPLE { en: "People", es: "Personas", fr: "Personnes", de: "Personen", pt: "Pessoas" }
    LAUNCHES_TODAY { en: "Launches today", es: "Accesos hoy", fr: "Lancements du jour", de: "Starts heute", pt: "Acessos hoje" }
    PEOPLE_TODAY { en: "People today", es: "Personas hoy", fr: "Personnes du jour", de: "Personen heute", pt: "Pessoas hoje" }
    LAUNCHES_OF_MONTH { en: "Launches this month", es: "Accesos este mes", fr: "Lancements du mois", de: "Starts in diesem Monat", pt: "Acessos neste mês" }
    PEOPLE_OF_MONTH { en: "People this month", es: "Personas este mes", fr: "Personnes du mois", de: "Personen in diesem Monat", pt: "Pessoas neste mês" }
    DAYS { en: "Last 30 days", es: "Últimos 30 días", fr: "30 derniers jours", de: "Letzte 30 Tage", pt: "Últimos 30 dias" }
    BY_DAY { en: "Launches a day: highest {most}", es: "Accesos por día: máximo {most}", fr: "Lancements par jour : maximum {most}", de: "Starts am Tag: höchstens {most}", pt: "Acessos por dia: máximo {most}" }
    PEOPLE_BY_DAY { en: "People a day: highest {most}", es: "Personas por día: máximo {most}", fr: "Personnes par jour : maximum {most}", de: "Personen am Tag: höchstens {most}", pt: "Pessoas por dia: máximo {most}" }
    DAY { en: "Day", es: "Día", fr: "Jour", de: "Tag", pt: "Dia" }
    MONTHS { en: "By month", es: "Por mes", fr: "Par mois", de: "Nach Monaten", pt: "Por mês" }
    MONTH { en: "Month", es: "Mes", fr: "Mois", de: "Monat", pt: "Mês" }
    PLATFORMS { en: "By platform", es: "Por plataforma", fr: "Par plateforme", de: "Nach Plattformen", pt: "Por plataforma" }
    REMOVED {
        en: "A removed platform",
        es: "Una plataforma eliminada",
        fr: "Une plateforme supprimée",
        de: "Eine gelöschte Plattform",
        pt: "Uma plataforma removida",
    }
    NOTHING { en: "No launches in this month.", es: "Ningún acceso en este mes.", fr: "Aucun lancement ce mois-ci.", de: "Keine Starts in diesem Monat.", pt: "Nenhum acesso neste mês." }
    MOST_SHOWN {
        en: "The platforms with most launches. The file has all of them.",
        es: "Las plataformas con más accesos. El archivo las tiene todas.",
        fr: "Les plateformes qui ont le plus de lancements. Le fichier les contient toutes.",
        de: "Die Plattformen mit den meisten Starts. Die Datei enthält alle.",
        pt: "As plataformas com mais acessos. O arquivo tem todas.",
    }
    ABOUT {
        en: "Who the people were is not kept: only how many. From 256 people of one platform on, the number is an estimate, 3 % off as a rule.",
        es: "No se guarda quiénes eran las personas, solo cuántas. Desde 256 personas de una plataforma, la cifra es una estimación, con un 3 % de error habitual.",
        fr: "On ne garde pas qui étaient les personnes, seulement leur nombre. À partir de 256 personnes d’une plateforme, c’est une estimation, à 3 % près en général.",
        de: "Wer die Personen waren, wird nicht aufbewahrt, nur wie viele. Ab 256 Personen einer Plattform ist die Zahl geschätzt, meist auf 3 % genau.",
        pt: "Não se guarda quem eram as pessoas, só quantas. A partir de 256 pessoas de uma plataforma, o número é uma estimativa, com erro de 3 % em geral.",
    }
    AS_CSV { en: "Download as CSV", es: "Descargar como CSV", fr: "Télécharger en CSV", de: "Als CSV herunterladen", pt: "Baixar como CSV" }
}
