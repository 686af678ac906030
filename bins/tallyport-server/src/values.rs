//! Where the value of each setting comes from: flags, then the environment, then a file.

use std::collections::BTreeMap;
use std::fmt;

use clap::ArgMatches;
use clap::parser::ValueSource;

use crate::failure::Failure;
use crate::settings::{SETTINGS, Setting};

/// Values as they were given, each with the place where it stands, so that what is wrong can be found.
#[derive(Debug, Default)]
pub(crate) struct Values(BTreeMap<&'static str, Value>);

/// A value as it was given; the values of a list with commas between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) text: String,
    pub(crate) place: Place,
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Behind a flag.
    Flag(&'static str),
    /// In the environment.
    Variable(&'static str),
    /// In a file.
    File { path: String, line: usize, key: &'static str },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(key) => write!(f, "--{key}"),
            Self::Variable(variable) => f.write_str(variable),
            Self::File { path, line, key } => write!(f, "{key} in {path} line {line}"),
        }
    }
}

impl Values {
    /// What flags and environment say; an empty text is no value.
    pub(crate) fn given(matches: &ArgMatches) -> Self {
        let values = SETTINGS.iter().filter_map(|setting| Some((setting.key, Value::given(matches, setting)?)));
        Self(values.collect())
    }

    /// These, and those of a file where nothing else is said.
    pub(crate) fn or(mut self, file: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        for (key, value) in file {
            self.0.entry(key).or_insert(value);
        }
        self
    }

    /// Whether a setting is set.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// A setting, read; what is wrong with it names the place where it stands.
    pub(crate) fn read<T>(&self, key: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, Failure> {
        let Some(Value { text, place }) = self.0.get(key) else { return Ok(None) };
        let wrong = |why| Failure::settings(format!("{place} cannot be used: {why}"), hint(key));
        read(text).map(Some).map_err(wrong)
    }
}

impl Value {
    pub(crate) fn given(matches: &ArgMatches, setting: &Setting) -> Option<Self> {
        let text = matches.get_one::<String>(setting.key).filter(|text| !text.trim().is_empty())?.clone();
        let place = match matches.value_source(setting.key) {
            Some(ValueSource::EnvVariable) => Place::Variable(setting.variable),
            _ => Place::Flag(setting.key),
        };
        Some(Self { text, place })
    }
}

/// What a setting is for.
fn hint(key: &str) -> String {
    let setting = SETTINGS.iter().find(|setting| setting.key == key);
    setting.map(|setting| format!("{}: {}.", setting.value, setting.text)).unwrap_or_default()
}
