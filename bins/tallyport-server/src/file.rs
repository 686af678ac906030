//! The file of settings, in TOML: known keys and nothing else, so that a slip is told and not passed over.

use std::fs::File;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::failure::Failure;
use crate::settings::{SECRETS, SETTINGS, Setting};
use crate::values::{Place, Value};

/// A file of settings, a password and any set of certificates are far smaller.
const LARGEST: u64 = 1 << 20;

/// The settings of a file.
///
/// # Errors
/// A file that cannot be read, is no TOML, or has a key that is no setting; each names the line.
pub(crate) fn read(path: &Path) -> Result<Vec<(&'static str, Value)>, Failure> {
    let name = path.display().to_string();
    let unreadable = |why: String| {
        Failure::settings(format!("the settings {name} cannot be read: {why}"), "Check the path and the permissions of --config.")
    };
    let text = text(path).map_err(|error| unreadable(error.to_string()))?;
    parse(&text, &name)
}

/// What stands in a file that a setting names, which may be a device or a pipe and have no size to go by.
pub(crate) fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST { Err(io::Error::other("it is far too large")) } else { Ok(text) }
}

/// The settings in a text.
///
/// # Errors
/// As [`read`].
pub(crate) fn parse(text: &str, name: &str) -> Result<Vec<(&'static str, Value)>, Failure> {
    let line = |at: &Range<usize>| 1 + text.as_bytes().iter().take(at.start).filter(|byte| **byte == b'\n').count();
    let wrong = |line: usize, why: &str, hint: &str| Failure::settings(format!("{name} line {line}: {why}"), hint);
    let table = DeTable::parse(text).map_err(|error| {
        let why = error.message().lines().next().unwrap_or("it is not TOML").to_owned();
        wrong(error.span().map_or(1, |span| line(&span)), &why, "`tallyport-server config` prints a file to start from.")
    })?;
    let mut values = Vec::new();
    for (key, value) in table.get_ref() {
        let at = line(&key.span());
        let setting = SETTINGS.iter().find(|setting| setting.key == key.get_ref().as_ref());
        let setting = setting.ok_or_else(|| unknown(key.get_ref(), |why, hint| wrong(at, why, hint)))?;
        let Some(text) = flat(value.get_ref(), setting) else {
            let expected = if setting.is_list { "a list of texts" } else { "a text or a number" };
            return Err(wrong(at, &format!("{} takes {expected}", setting.key), setting.text));
        };
        // An empty text unsets a setting here as it does in the environment.
        if !text.trim().is_empty() {
            values.push((setting.key, Value { text, place: Place::File { path: name.to_owned(), line: at, key: setting.key } }));
        }
    }
    Ok(values)
}

fn unknown(key: &str, wrong: impl FnOnce(&str, &str) -> Failure) -> Failure {
    let shown: String = key.chars().take(60).collect();
    let secret = SECRETS.iter().find(|(variable, _)| variable.ends_with(&key.to_uppercase().replace('-', "_")));
    match secret {
        Some((variable, _)) => wrong(
            &format!("{shown} does not belong into a file of settings"),
            &format!("Set it in the environment, as {variable}."),
        ),
        None => wrong(&format!("there is no setting {shown:?}"), "`tallyport-server config` prints those that there are."),
    }
}

/// A value as a flag would say it.
fn flat(value: &DeValue<'_>, setting: &Setting) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Array(values) if setting.is_list => {
            let texts: Option<Vec<&str>> = values.iter().map(|value| value.get_ref().as_str()).collect();
            Some(texts?.join(","))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        parse(text, "t.toml").unwrap_err().message
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(told("listen = \"127.0.0.1:80\"\n\nlissten = 1\n"), "t.toml line 3: there is no setting \"lissten\"");
        assert_eq!(told("\nlisten = true"), "t.toml line 2: listen takes a text or a number");
        assert_eq!(told("trusted-proxies = [1]"), "t.toml line 1: trusted-proxies takes a list of texts");
        assert_eq!(told("[log]\nformat = 'json'"), "t.toml line 1: there is no setting \"log\"");
        assert!(told("listen = \"a\"\nlisten = \"b\"").starts_with("t.toml line 2: "));
        assert!(told("a\nb = ").starts_with("t.toml line 1: "));
    }

    #[test]
    fn a_secret_is_sent_to_the_environment_and_not_repeated() {
        let failure = parse("secret-key = \"sesame\"", "t.toml").unwrap_err();
        assert_eq!(failure.message, "t.toml line 1: secret-key does not belong into a file of settings");
        assert!(failure.hint.contains("TALLYPORT_SECRET_KEY"));
        assert!(!format!("{failure:?}").contains("sesame"));
    }

    #[test]
    fn values_read_as_flags_do() {
        let values = parse("toggl-rate = 0.5\ntrusted-proxies = ['127.0.0.1', '::1']\nlisten = ''\n", "t.toml").unwrap();
        let texts: Vec<_> = values.iter().map(|(key, value)| (*key, value.text.as_str())).collect();
        assert_eq!(texts, [("toggl-rate", "0.5"), ("trusted-proxies", "127.0.0.1,::1")]);
    }

    #[test]
    fn the_file_of_defaults_is_a_file_of_settings_with_or_without_its_marks() {
        let file = crate::settings::file();
        assert_eq!(parse(&file, "t.toml").unwrap(), []);
        let set: String = file
            .lines()
            .filter_map(|line| line.strip_prefix('#'))
            .filter(|line| !line.starts_with(' '))
            .fold(String::new(), |set, line| set + line + "\n");
        let values = parse(&set, "t.toml").unwrap();
        assert_eq!(values.len(), SETTINGS.len());
    }

    #[test]
    fn no_file_brings_it_down() {
        for text in
            ["=", "\u{0}", "[[", "a.b.c = 1", "listen = { a = 1 }", "listen = 1979-05-27", "\"\\ud800\" = 1", "'''", "[a]\n[a]"]
        {
            drop(parse(text, "t.toml"));
        }
        drop(parse(&"[".repeat(100_000), "t.toml"));
    }
}
