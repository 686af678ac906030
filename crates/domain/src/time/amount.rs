//! Amounts of time as they are spelled: with colons, units, decimals or none of them (E9).

/// How much was typed.
pub(super) enum Amount {
    /// So many seconds.
    Seconds(u64),
    /// A bare number, which means one thing here and another there.
    Bare(u64),
}

/// Why it is no amount.
#[derive(Clone, Copy)]
pub(super) enum Wrong {
    /// It cannot be read.
    Unreadable,
    /// Minutes or seconds behind a larger unit are more than 59.
    PastMinutes,
}

/// Reads an amount of time without a sign.
pub(super) fn amount(text: &str) -> Result<Amount, Wrong> {
    if text.contains(':') {
        return clock(text).map(Amount::Seconds);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return number(text).map(Amount::Bare);
    }
    let folded = text.to_ascii_lowercase();
    let hours = folded.strip_suffix('h').map_or(folded.as_str(), str::trim_end);
    if hours.contains(['.', ',']) {
        return decimal(hours).map(Amount::Seconds);
    }
    units(&folded).map(Amount::Seconds)
}

/// A number of plain digits. One that is too large to be held stays as large as can be: it is more than a day anyway.
fn number(text: &str) -> Result<u64, Wrong> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Wrong::Unreadable);
    }
    Ok(text.parse().unwrap_or(u64::MAX))
}

/// `1:30` and `01:30:15`.
fn clock(text: &str) -> Result<u64, Wrong> {
    let mut fields = text.split(':');
    let hours = number(fields.next().unwrap_or_default())?;
    let mut seconds = hours.saturating_mul(3600);
    for unit in [60, 1] {
        let Some(field) = fields.next() else { break };
        let count = number(field).ok().filter(|_| field.len() == 2).ok_or(Wrong::Unreadable)?;
        if count > 59 {
            return Err(Wrong::PastMinutes);
        }
        seconds = seconds.saturating_add(count * unit);
    }
    if fields.next().is_some() { Err(Wrong::Unreadable) } else { Ok(seconds) }
}

/// `1.5` and `1,5` hours, to the second that is nearest: the reading shows it.
fn decimal(text: &str) -> Result<u64, Wrong> {
    let (whole, part) = text.split_once(['.', ',']).ok_or(Wrong::Unreadable)?;
    let hours = number(whole)?;
    if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Wrong::Unreadable);
    }
    // Nine places are a hundred-thousandth of a second; behind them nothing changes.
    let places = &part[..part.len().min(9)];
    let scale = 10_u64.pow(u32::try_from(places.len()).unwrap_or(0));
    let part = (number(places)? * 3600 + scale / 2) / scale;
    Ok(hours.saturating_mul(3600).saturating_add(part))
}

/// `1h30m`, `1h 30min`, `1h30`, `2h`, `90m`, `90min`, `45s`: units from the largest down, each once.
fn units(text: &str) -> Result<u64, Wrong> {
    const UNITS: [(&str, u64); 4] = [("h", 3600), ("min", 60), ("m", 60), ("s", 1)];
    let mut rest = text;
    let mut above: Option<u64> = None;
    let mut seconds = 0_u64;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let count = number(&rest[..end])?;
        rest = rest[end..].trim_start();
        let size = if let Some((name, size)) = UNITS.iter().find(|(name, _)| rest.starts_with(name)) {
            rest = rest[name.len()..].trim_start();
            *size
        } else if rest.is_empty() && above == Some(3600) {
            60
        } else {
            return Err(Wrong::Unreadable);
        };
        if above.is_some_and(|above| size >= above) {
            return Err(Wrong::Unreadable);
        }
        if above.is_some() && count > 59 {
            return Err(Wrong::PastMinutes);
        }
        seconds = seconds.saturating_add(count.saturating_mul(size));
        above = Some(size);
    }
    Ok(seconds)
}
