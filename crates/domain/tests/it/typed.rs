//! What people type for durations and times, made of any bytes at all.
//!
//! The fuzz targets `duration_text` and `time_text` include this file, so it stands by itself.

use tallyport_domain::Zone;
use tallyport_domain::time::{Calendar, ClockTime, Day, Field, Instant, Length, Moment, Tag, Typed};

/// A refusal is for people: one line that is not without end.
fn is_said(refused: &impl std::fmt::Display) {
    let said = refused.to_string();
    assert!(!said.is_empty() && said.len() < 400 && !said.contains('\n'), "{said:?}");
}

/// Reads these bytes as a duration wherever one is typed.
pub(crate) fn check_duration(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut readings = Vec::new();
    for field in [Field::Form, Field::Cell, Field::Terminal] {
        let read = Typed::read(&text, field);
        if let Err(refused) = &read {
            is_said(refused);
        }
        if let Ok(typed @ (Typed::Set(length) | Typed::More(length) | Typed::Less(length) | Typed::Fill(length))) = &read {
            assert!(*length <= Length::DAY, "{text:?} is {length:?}");
            for shown in [length.short(), length.full(), length.prose()] {
                let again = Typed::read(&shown, Field::Terminal).unwrap_or(Typed::Clear);
                assert!(again == Typed::Set(*length) || (length.is_zero() && again == Typed::Clear), "{shown:?} is {again:?}");
            }
            assert!(!matches!(typed, Typed::Set(Length::ZERO)), "{text:?} is to clear");
            for [there, total] in [[0, 0], [3600, 7200], [86_400, 86_400]].map(|pair| pair.map(length_of)) {
                match typed.applied(there, total) {
                    Ok(left) => {
                        assert!(left.is_none_or(|left| !left.is_zero() && left <= Length::DAY), "{text:?} leaves {left:?}");
                    }
                    Err(refused) => is_said(&refused),
                }
            }
        }
        readings.push(read);
    }
    // Only a bare number is read in another way in another place.
    let bare = text.trim().bytes().all(|b| b.is_ascii_digit());
    assert!(bare || readings.windows(2).all(|two| two[0] == two[1]), "{text:?} is {readings:?}");
}

/// Reads these bytes as a day, a time of day, both of them, and a tag.
pub(crate) fn check_time(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let today = Day::from_number(20_783);
    match ClockTime::read(&text) {
        Ok(time) => assert_eq!(ClockTime::read(&time.to_string()), Ok(time), "{text:?}"),
        Err(refused) => is_said(&refused),
    }
    match Day::read(&text, today) {
        Ok(day) => assert_eq!(Day::parse(&day.to_string()), Ok(day), "{text:?}"),
        Err(refused) => is_said(&refused),
    }
    match Tag::typed(&text) {
        Ok(tag) => {
            let again = Tag::typed(tag.as_str()).map(|again| (again.as_str() == tag.as_str(), again.key() == tag.key()));
            assert_eq!(again, Ok((true, true)), "{text:?}");
        }
        Err(refused) => is_said(&refused),
    }
    let moment = match Moment::read(&text, today, today) {
        Ok(moment) => moment,
        Err(refused) => return is_said(&refused),
    };
    for name in ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Asuncion", "Pacific/Apia", "Africa/Monrovia"] {
        let zone = Zone::parse(name).unwrap_or_else(|_| Zone::utc());
        match moment.in_zone(&zone) {
            Ok(meant) => {
                assert!((Instant::FIRST..=Instant::LAST).contains(&meant.at));
                assert!(meant.again.is_none_or(|again| again > meant.at), "{text:?} in {name}");
                let calendar = Calendar::of(&zone);
                let day = calendar.day_of(meant.at);
                assert!(
                    calendar.start_of(day) <= meant.at.seconds() && meant.at.seconds() < calendar.start_of(day.next())
                        || day == Day::LAST
                );
            }
            Err(refused) => is_said(&refused),
        }
    }
}

fn length_of(seconds: i64) -> Length {
    Length::from_seconds(seconds).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Replays what is kept for a target, each input up to each of its bytes.
    fn replay(target: &str, check: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
        let mut inputs = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let input = std::fs::read(entry.unwrap().path()).unwrap();
            (0..=input.len()).for_each(|end| check(&input[..end]));
            inputs += 1;
        }
        assert!(inputs >= 20, "only {inputs} inputs of {target}");
    }

    #[test] // E9; M16
    fn whatever_is_typed_for_a_duration_is_read_or_refused_in_one_line() {
        replay("duration_text", super::check_duration);
    }

    #[test] // E9; M16
    fn whatever_is_typed_for_a_time_is_read_or_refused_in_one_line() {
        replay("time_text", super::check_time);
    }
}
