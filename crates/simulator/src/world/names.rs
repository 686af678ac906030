//! Names as real accounts hold them: first the awkward ones, then plausible ones without end.

use crate::random::Random;

/// Exactly 76 characters.
pub(super) const LONGEST: &str = "Landesverband der freien Theater- und Tanzschaffenden Norddeutschlands e. V.";

const CLIENTS: [&str; 14] = [
    "Café Ñandú",
    LONGEST,
    "Müller & Söhne Präzisionswerkzeuge GmbH & Co. KG",
    "Żółw i Syn",
    "株式会社みなと",
    "مؤسسة الواحة",
    "Café Ñandú",
    " Leading and trailing ",
    "",
    "🚀 Liftoff",
    "<b>Bold</b> & \"Quoted\" 'Partners'",
    "O’Connell Ltd.",
    "Đặng & Đỗ",
    "👩‍👩‍👧‍👦 Family Office",
];

const PROJECTS: [&str; 14] = [
    "Website relaunch",
    "ブランドガイドライン改訂",
    "حملة التبرعات",
    "Website relaunch",
    "Menu & signage",
    "  Two spaces in front",
    "Tab\tand line\nbreak",
    "",
    "Template 10: imprint",
    "Template 2: overview",
    "Größe & Maß 📐",
    "Über uns",
    "uber uns",
    "Festivalplakate für die Spielzeiten der freien Bühnen zwischen Kiel und Cux…",
];

const TASKS: [&str; 12] = [
    "Design",
    "Content",
    "Design",
    "Moodboard",
    "Übersetzung ins Türkçe",
    "レビュー",
    "مراجعة",
    "",
    "Bug 2",
    "Bug 10",
    "QA ✅",
    " Handover ",
];

const PEOPLE: [(&str, &str); 12] = [
    ("Björk Sigurðardóttir", "bjork"),
    ("Đặng Thu Hà", "thu.ha.dang"),
    ("Inês Carvalho", "ines.carvalho"),
    ("Jürgen Großmann", "J.Grossmann"),
    ("Łukasz Wiśniewski", "lukasz.wisniewski"),
    ("Mehmet Yıldırım", "mehmet.yildirim"),
    ("Siobhán O’Connell", "SIOBHAN.OCONNELL"),
    ("Tom Baker", "tom"),
    ("山田 花子", "hanako.yamada"),
    ("Zoë Lefèvre", "zoe.lefevre"),
    ("عمر السيد", "omar.elsayed"),
    ("Ana Nováková", "ana.novakova.2"),
];

const ADJECTIVES: [&str; 12] =
    ["Northern", "Blue", "Harbour", "Quiet", "Bright", "Old", "Green", "Silver", "Café", "Élan", "Große", "Małe"];
const NOUNS: [&str; 12] = [
    "Bakery",
    "Foundry",
    "Orchestra",
    "Cinema",
    "Lighthouse",
    "Verlag",
    "Brauerei",
    "Théâtre",
    "Sklep",
    "Press",
    "Atelier",
    "Museum",
];
const WORK: [&str; 14] = [
    "Campaign",
    "Redesign",
    "Newsletter",
    "Shop",
    "App",
    "Audit",
    "Migration",
    "Retainer",
    "Workshop",
    "Branding",
    "Poster series",
    "Annual report",
    "Photo shoot",
    "Podcast",
];
const STEPS: [&str; 14] = [
    "Kick-off",
    "Research",
    "Draft",
    "Review",
    "Copy",
    "Layout",
    "Build",
    "Testing",
    "Fixes",
    "Delivery",
    "Meeting",
    "Print proof",
    "Photos",
    "Invoice",
];

/// The name of the `index`th client, project or task: an awkward one first, then a made-up one.
pub(super) fn client(index: usize, random: &mut Random) -> String {
    CLIENTS
        .get(index)
        .map_or_else(|| format!("{} {} {index}", random.pick(&ADJECTIVES), random.pick(&NOUNS)), |name| (*name).to_owned())
}

pub(super) fn project(index: usize, random: &mut Random) -> String {
    PROJECTS.get(index).map_or_else(
        || format!("{} {} {}", random.pick(&ADJECTIVES), random.pick(&WORK), 2020 + random.below(8)),
        |name| (*name).to_owned(),
    )
}

pub(super) fn task(index: usize, random: &mut Random) -> String {
    TASKS.get(index).map_or_else(|| format!("{} {}", random.pick(&STEPS), 1 + random.below(40)), |name| (*name).to_owned())
}

/// The name and email of the `index`th person; the email is unique, its case as some people type it.
pub(super) fn person(index: usize) -> (String, String) {
    let (name, email) = PEOPLE[index % PEOPLE.len()];
    let round = index / PEOPLE.len();
    if round == 0 {
        (name.to_owned(), format!("{email}@nordlicht.example"))
    } else {
        (format!("{name} {}", round + 1), format!("{email}.{}@nordlicht.example", round + 1))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_longest_name_has_76_characters() {
        assert_eq!(super::LONGEST.chars().count(), 76);
    }
}
