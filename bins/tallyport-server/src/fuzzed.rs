//! Any bytes at all as a file of settings.
//!
//! The fuzz target `settings` includes this file with those that it tests.

use crate::settings::{PUBLIC_URL, SETTINGS, SMTP_CERTIFICATES, SMTP_HOST, SMTP_PASSWORD_FILE};
use crate::values::Values;
use crate::{config, file};

/// Reads these bytes as a file of settings, and holds what comes of it against what must be.
pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut values = match file::parse(&text, "t.toml") {
        Ok(values) => values,
        Err(failure) => return must_be_fit_to_show(&failure),
    };
    assert!(values.len() <= SETTINGS.len());
    assert!(values.iter().all(|(_, value)| !value.text.trim().is_empty()));
    // Other files are as long as whoever names them likes, and may be pipes that nobody writes to.
    values.retain(|(key, _)| ![SMTP_CERTIFICATES, SMTP_PASSWORD_FILE].contains(key));
    let values = Values::default().or(values);
    match config::of(&values) {
        Ok(config) => {
            let server = &config.server;
            assert!(server.listen.ip().is_loopback() || server.public_url.is_some());
            assert_eq!((server.public_url.is_some(), server.mail.is_some()), (values.has(PUBLIC_URL), values.has(SMTP_HOST)));
            let url = server.public_url.as_deref().unwrap_or("https://x");
            assert!(url.starts_with("http://") || url.starts_with("https://"), "{url:?}");
            assert!(url.bytes().all(|byte| byte.is_ascii_graphic()) && !url.contains(['@', '?', '#']), "{url:?}");
        }
        Err(failure) => must_be_fit_to_show(&failure),
    }
}

/// One line, and one that says what to do.
fn must_be_fit_to_show(failure: &crate::failure::Failure) {
    for line in [&failure.message, &failure.hint] {
        assert!((10..2000).contains(&line.len()) && !line.chars().any(char::is_control), "{line:?}");
    }
    assert_eq!(failure.exit_code, 2);
}

#[cfg(test)]
mod tests {
    use crate::replay::replay;

    #[test]
    fn whatever_a_file_is_it_is_read_or_refused_in_two_lines() {
        replay("settings", |input| {
            super::check(input);
            (0..input.len()).step_by(1 + input.len() / 200).for_each(|end| super::check(&input[..end]));
        });
    }
}
