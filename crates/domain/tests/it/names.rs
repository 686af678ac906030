//! Names as stores and people meet them (T4, T5).

use tallyport_domain::{BadName, Name, SortKey, search_key};

#[test] // T5
fn a_text_becomes_a_name_and_a_name_a_text() {
    assert_eq!(Name::from("Design".to_owned()), Name::from_source("Design"));
    assert_eq!(Name::from("a\0b".to_owned()).as_str(), "a\u{fffd}b");
    assert_eq!(String::from(Name::from_source("Design")), "Design");
}

#[test]
fn the_longest_name_that_people_may_type_is_just_that_long() {
    let of_length = |length| Name::typed(&"x".repeat(length));
    assert_eq!(of_length(Name::LONGEST_TYPED).map(|name| name.as_str().len()), Ok(Name::LONGEST_TYPED));
    assert_eq!(of_length(Name::LONGEST_TYPED + 1), Err(BadName::TooLong));
}

#[test] // T4
fn a_long_name_is_sorted_by_its_beginning_and_no_letter_is_cut_in_two() {
    // The 512 bytes that count end within a letter.
    let name = |letters: usize| format!("x{}", "é".repeat(letters));
    assert_eq!(SortKey::of(&name(1000)), SortKey::of(&name(255)));
    assert_ne!(SortKey::of(&name(1000)), SortKey::of(&name(254)));
}

#[test] // T4
fn the_bytes_of_a_key_sort_as_the_key_does() {
    let [nine, ten] = ["Task 9", "task 10"].map(|name| Name::from_source(name).sort_key());
    assert!(nine < ten && nine.as_bytes() < ten.as_bytes());
}

#[test] // T4
fn a_search_looks_past_case() {
    assert_eq!(search_key("ÄPFEL und Birnen"), search_key("Äpfel UND birnen"));
    assert_ne!(search_key("Äpfel"), search_key("Birnen"));
    assert!(search_key("Äpfel und Birnen").contains(&search_key("UND")));
}
