//! People from a CSV file.

use std::io::Read;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};
use tallyport_api_types::{Code, NewPerson};

use crate::failure::{Failure, Stop};

/// The largest file that is read.
const LARGEST: u64 = 16 << 20;

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// A file that cannot be read, or whose columns are not understood.
pub(super) fn read(file: &Path) -> Result<Vec<NewPerson>, Stop> {
    let unreadable = |error: std::io::Error| {
        let failure = Failure::new(Code::InvalidRequest, format!("the file {} cannot be read", file.display()));
        failure.hint("Check its path and permissions; it has to be text in UTF-8.").because_of(&error)
    };
    let mut text = String::new();
    let length = if file == Path::new("-") {
        std::io::stdin().lock().take(LARGEST).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LARGEST).read_to_string(&mut text))
    };
    match length.map_err(unreadable)? {
        length if length as u64 == LARGEST => Err(misread("it is far too large").into()),
        _ => Ok(parse(&text)?),
    }
}

/// Reads lines of email, name and role. The first line may name the columns, in any order; spreadsheets may separate by semicolons.
fn parse(text: &str) -> Result<Vec<NewPerson>, Failure> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).trim(Trim::All).delimiter(delimiter).from_reader(text.as_bytes());
    let mut columns: Option<Columns> = None;
    let mut people = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| misread("it is no CSV").because_of(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        match &columns {
            None if record.iter().any(|field| field.contains('@')) => {
                let plain = Columns { email: 0, name: 1, role: Some(2) };
                people.push(plain.person(&record, line)?);
                columns = Some(plain);
            }
            None => columns = Some(Columns::named(&record)?),
            Some(columns) => people.push(columns.person(&record, line)?),
        }
    }
    if people.is_empty() { Err(misread("nobody is in it")) } else { Ok(people) }
}

struct Columns {
    email: usize,
    name: usize,
    role: Option<usize>,
}

impl Columns {
    fn named(titles: &StringRecord) -> Result<Self, Failure> {
        let find = |title: &str| titles.iter().position(|field| field.eq_ignore_ascii_case(title));
        match (find("email"), find("name")) {
            (Some(email), Some(name)) => Ok(Self { email, name, role: find("role") }),
            _ => Err(misread("its first line names no columns email and name")),
        }
    }

    fn person(&self, record: &StringRecord, line: u64) -> Result<NewPerson, Failure> {
        let field = |index: usize| record.get(index).filter(|field| !field.is_empty()).map(str::to_owned);
        match (field(self.email), field(self.name)) {
            (Some(email), Some(name)) => Ok(NewPerson { email, name, role: self.role.and_then(field), password: None }),
            _ => Err(misread(&format!("line {line} lacks an email or a name"))),
        }
    }
}

fn misread(why: &str) -> Failure {
    let failure = Failure::new(Code::InvalidRequest, format!("the list of people cannot be used: {why}"));
    failure.hint("Give a line with `email,name,role` and then a line for each person; nobody was added.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String, Option<String>)> {
        parse(text).unwrap().into_iter().map(|person| (person.email, person.name, person.role)).collect()
    }

    fn person(email: &str, name: &str, role: Option<&str>) -> (String, String, Option<String>) {
        (email.to_owned(), name.to_owned(), role.map(str::to_owned))
    }

    #[test]
    fn columns_may_be_named_in_any_order_or_not_at_all() {
        let ada = person("ada@example.com", "Ada, Countess", Some("manager"));
        let bob = person("bob@example.com", "Bob", None);
        assert_eq!(
            read("Name,EMAIL,role\n\"Ada, Countess\",ada@example.com,manager\nBob,bob@example.com,\n"),
            [ada.clone(), bob.clone()]
        );
        assert_eq!(read("ada@example.com,\"Ada, Countess\",manager\nbob@example.com,Bob\n"), [ada, bob.clone()]);
        assert_eq!(read("\u{feff}email;name\r\n bob@example.com ; Bob \r\n"), [bob]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let told = |text| parse(text).unwrap_err().message;
        assert!(told("email,name\nada@example.com,Ada\nbob@example.com,\n").ends_with("line 3 lacks an email or a name"));
        assert!(told("e-mail,who\n").ends_with("names no columns email and name"));
        assert!(told("email,name\n").ends_with("nobody is in it"));
        assert!(told("").ends_with("nobody is in it"));
    }
}
