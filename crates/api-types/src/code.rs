//! The closed list of what can go wrong, from which everything else about an error follows.
//!
//! What to do about it is said once, in words for whoever asks in whatever way; after it stands how the terminal does it.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident $word:literal $status:literal $exit:literal $hint:literal $(=> $terminal:literal)?;)*) => {
        /// The name of an error in every interface. HTTP status, exit code and hint follow from it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$meta])* #[serde(rename = $word)] $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word for this code in every interface.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// The exit code of a command that ends with it.
            #[must_use]
            pub fn exit_code(self) -> u8 {
                match self { $(Self::$variant => $exit,)* }
            }

            /// What to do about it, unless the place where it happens knows better. It names no command: it is read in pages
            /// and by programs too.
            #[must_use]
            pub fn hint(self) -> &'static str {
                match self { $(Self::$variant => $hint,)* }
            }

            /// How the terminal does what the hint says, where it has a command or an option for it.
            fn terminal(self) -> Option<&'static str> {
                match self { $(Self::$variant => [$($terminal)?].first().copied(),)* }
            }
        }
    };
}

codes! {
    /// A request or command line that cannot be understood.
    InvalidRequest "invalid_request" 400 2 "Check the spelling." => "`tallyport help` lists commands and options";
    /// A text that is no email address.
    InvalidEmail "invalid_email" 400 2 "Give an address such as ada@example.com.";
    /// A name that nobody may use.
    InvalidName "invalid_name" 400 2 "Give a name with at least one visible character, at most 4096 bytes, on one line.";
    /// No such time zone.
    InvalidZone "invalid_zone" 400 2 "Give an IANA name such as Europe/Berlin.";
    /// A password that is too short or too long.
    InvalidPassword "invalid_password" 400 2 "Give a password of 8 to 1024 bytes; a sentence is a good one.";
    /// A token is needed and none came.
    TokenMissing "token_missing" 400 2 "Give the API token of a Toggl Track profile." => "on standard input (--token-stdin), in a file (--token-file) or in TOGGL_API_TOKEN";
    /// It is not clear which account is meant.
    AccountNeeded "account_needed" 400 2 "Say which one, by its name or its number." => "--account NAME or --account ID";
    /// It is not clear who acts.
    ActorNeeded "actor_needed" 400 2 "Say who acts." => "--as EMAIL";
    /// Nobody is signed in.
    SignInRequired "sign_in_required" 401 3 "Sign in first.";
    /// Address, password or both are wrong; which of them is not told (A4).
    SignInRefused "sign_in_refused" 401 3 "Check the address and the password; a forgotten password is reset from the sign-in page.";
    /// The password that somebody has now is another one (A4).
    WrongPassword "wrong_password" 403 3 "Give the password that you sign in with today; a forgotten one is reset from the sign-in page.";
    /// The set-up code is another one (A3).
    SetUpCodeWrong "set_up_code_wrong" 401 3 "Copy the code that the server printed when it started.";
    /// The token may do less than this needs (A4).
    ScopeRequired "scope_required" 403 3 "Make a token with a larger scope.";
    /// A page of another site sent the request (CSRF).
    CrossSite "cross_site" 403 3 "Send it from Tallyport itself, or with an API token.";
    /// Only administrators may do this (I1).
    AdministratorRequired "administrator_required" 403 3 "Ask an administrator of the account.";
    /// Only managers and administrators may do this (A2).
    ManagerRequired "manager_required" 403 3 "Ask a manager or an administrator of the account.";
    /// The structure of imported tasks cannot be changed here (T3).
    ImportedReadOnly "imported_read_only" 403 3 "Change it in Toggl, then sync.";
    /// There is no such thing in this account, or it is not to be seen (A1).
    NotFound "not_found" 404 4 "Check the id; it may be in another account, or gone.";
    /// A workspace that the token does not see and that was not selected before (I3).
    UnknownWorkspace "unknown_workspace" 404 4 "Choose from those that the token sees." => "`tallyport toggl workspaces` lists them";
    /// The path is none of the API's.
    NoSuchRoute "no_such_route" 404 4 "Check the path; the two may be of different versions.";
    /// The path exists, but not with this method.
    MethodNotAllowed "method_not_allowed" 405 2 "Check the method.";
    /// The body is too large.
    BodyTooLarge "body_too_large" 413 2 "Send less at once; a request may have 1 MiB.";
    /// A cursor of another list, or what is none.
    InvalidCursor "invalid_cursor" 400 2 "Ask for the list from its beginning, without a cursor.";
    /// A token, link or code that is none of ours, or was mistyped.
    InvalidSecret "invalid_secret" 400 2 "Copy it whole, from its first letter to its last.";
    /// The link was used, replaced or taken back, or has expired (A7, N2).
    LinkDead "link_dead" 410 4 "Ask for a new one.";
    /// The invitation was accepted or revoked, or has expired (N2).
    InvitationClosed "invitation_closed" 409 5 "Invite them anew, or send the invitation again.";
    /// The address has an open invitation (N1).
    Invited "already_invited" 409 5 "Send the invitation again." => "`tallyport invitations resend`";
    /// There is an account already (A3).
    AlreadySetUp "already_set_up" 409 5 "Sign in; an administrator of the account adds people.";
    /// What was to be changed was changed by somebody else meanwhile.
    Changed "changed_meanwhile" 412 5 "Look at it anew, then change it.";
    /// The key of a repeated request was used for another one (E7).
    ReplayDiffers "replay_differs" 422 2 "Make a new Idempotency-Key for each request that is not a repetition.";
    /// The same request is being answered (E7).
    InFlight "in_flight" 409 5 "Ask again in a moment, with the same Idempotency-Key.";
    /// No mail leaves this server, and this needs one (A6).
    NoMail "no_mail" 409 5 "Ask an administrator to set the address." => "`tallyport people email`";
    /// Too many tries (A4).
    TooManyTries "too_many_tries" 429 7 "Wait a little, then try again.";
    /// No server answers at the address.
    ServerUnreachable "server_unreachable" 502 1 "Check the address of the server and that it runs.";
    /// The server is stopping, or has too much to do.
    Overloaded "overloaded" 503 1 "Try again in a moment.";
    /// Somebody in the account has this email (A6).
    EmailTaken "email_taken" 409 5 "Use another address, or change theirs first.";
    /// An account with this name exists.
    AccountExists "account_exists" 409 5 "Use another name.";
    /// It would leave the account without an active administrator (A5).
    LastAdministrator "last_administrator" 409 5 "Make somebody else an administrator first.";
    /// The person is deactivated.
    PersonInactive "person_inactive" 409 5 "Reactivate them first." => "`tallyport people reactivate EMAIL`";
    /// Access comes from a task above and ends only there (P5).
    AccessInherited "access_inherited" 409 5 "Unassign them from the task that gives it.";
    /// There is no assignment to take away.
    NotAssigned "not_assigned" 409 5 "Look at what they have." => "`tallyport access EMAIL`";
    /// A task would hang under itself (T2).
    Cycle "cycle" 409 5 "Choose a task that is not below it.";
    /// The task above is archived.
    ParentArchived "parent_archived" 409 5 "Restore it first, or choose another one.";
    /// Somebody tracked time on the task or below it (T2).
    TaskHasTime "task_has_time" 409 5 "Archive it instead; time is never deleted with a task.";
    /// The task is archived, and no new time can start there (I9).
    TaskArchived "task_archived" 409 5 "Choose another task, or none.";
    /// The person sees the task but is not assigned to it (P7).
    NoAccess "no_access" 403 3 "Have them assigned to it, or choose another task.";
    /// The end is not after the start (E4).
    EndBeforeStart "end_before_start" 400 2 "Give a later end or an earlier start.";
    /// An entry made by hand has more than 24 hours (E4).
    EntryTooLong "entry_too_long" 400 2 "Make one entry for each day.";
    /// A timer was started or stopped at an instant that is yet to come (E7).
    AheadOfClock "ahead_of_clock" 409 5 "Set the clock of this device right.";
    /// A timer runs that was started after the instant at which another one is to start (E1).
    TimerSince "timer_since" 409 5 "Stop it first, or start at that time or later.";
    /// A timer has no end to be changed (E3).
    TimerRuns "timer_runs" 409 5 "Stop it first.";
    /// An entry would have more time on a task that the person has lost (P6).
    NoMoreTime "no_more_time" 409 5 "Move the entry to a task that they have.";
    /// Less time was typed for a day than entries have there that go across midnight (E5).
    AcrossMidnight "across_midnight" 409 5 "Change the times of that entry.";
    /// A duration cannot be read, or cannot be here (E9).
    InvalidDuration "invalid_duration" 400 2 "Write 1:30, 1h30m, 90m or 1.5h.";
    /// A day or a time cannot be read, or is none that there is (E5, E9).
    InvalidTime "invalid_time" 400 2 "Write a day as 2026-11-26, a time as 9:30, and an instant as 2026-11-26T08:30:00Z.";
    /// A text that is no tag.
    InvalidTag "invalid_tag" 400 2 "Give a word or a few, of at most 128 bytes; an entry has 50 tags at most.";
    /// Another tag is called that.
    TagExists "tag_exists" 409 5 "Choose another name, or make one tag of the two.";
    /// A text matches several tasks.
    Ambiguous "ambiguous" 409 5 "Say more of its path, or give its id.";
    /// It does something that needs a yes (I3, I12, I16).
    ConfirmationNeeded "confirmation_needed" 409 5 "Look at the list; if that is what you want, repeat it with a yes." => "--yes";
    /// The integration is enabled already (I2).
    AlreadyEnabled "already_enabled" 409 5 "To use another token or owner, re-enable it." => "`tallyport toggl re-enable`";
    /// The integration is not enabled.
    NotEnabled "not_enabled" 409 5 "An administrator enables it." => "`tallyport toggl enable`";
    /// The integration's owner is deactivated (I17).
    OwnerInactive "owner_inactive" 409 5 "An administrator re-enables it with a token of their own." => "`tallyport toggl re-enable`";
    /// A run is under way (I11).
    RunUnderWay "run_under_way" 409 5 "Wait for it, or end it." => "`tallyport toggl cancel`";
    /// The run is not held.
    RunNotHeld "run_not_held" 409 5 "Look at what became of it." => "`tallyport toggl history`";
    /// The stored token serves its owner only (I16).
    TokenNotYours "token_not_yours" 409 5 "Re-enable with a Toggl token of your own.";
    /// The key that opens the stored token is gone.
    KeyMissing "key_missing" 409 1 "Bring the key file back, or re-enable with a token." => "`tallyport toggl re-enable`";
    /// Toggl does not accept the token (I17).
    TokenRejected "token_rejected" 422 6 "Copy the API token from the bottom of track.toggl.com/profile and enable with it, or re-enable where Toggl is linked already.";
    /// The token is one of Toggl 2.0 (I2).
    OtherProduct "other_product" 422 6 "Toggl Track's own token stands at the bottom of its profile page: track.toggl.com/profile.";
    /// Toggl's hourly allowance is spent (I19).
    QuotaSpent "quota_spent" 503 7 "Sync again then; what was read so far is kept.";
    /// Toggl asks for fewer requests.
    RateLimited "rate_limited" 503 7 "Wait some minutes and sync again.";
    /// Toggl does not answer.
    TogglUnreachable "toggl_unreachable" 502 8 "Check the network and Toggl's status page, then sync again; nothing was changed.";
    /// Toggl answers something else than it should.
    TogglNonsense "toggl_nonsense" 502 8 "Sync again later; nothing was changed. If it stays so, update Tallyport.";
    /// Toggl refuses the request.
    TogglRefused "toggl_refused" 502 8 "Nothing was changed. Check in Toggl what the token's owner may see.";
    /// Toggl's data changed twice while it was read (I20).
    TogglChanged "toggl_changed" 502 8 "Nothing was changed. Sync again when fewer people edit.";
    /// Toggl no longer serves this version.
    TogglRetired "toggl_retired" 502 1 "Update Tallyport.";
    /// The run was ended by somebody before it changed anything (I11).
    Cancelled "cancelled" 409 1 "Nothing was changed. Start it again when you like.";
    /// The process of the run died (I11).
    Interrupted "interrupted" 500 1 "Nothing was changed. Sync again.";
    /// The database is busy.
    Busy "busy" 503 1 "Try again in a moment.";
    /// The disk is full.
    StorageFull "storage_full" 507 1 "Make room on the disk; nothing was changed.";
    /// The database is damaged.
    DatabaseCorrupt "database_corrupt" 500 1 "Restore a backup, or rescue what is left." => "`tallyport backup restore FILE`, or the .recover command of sqlite3";
    /// The database cannot be opened or is none of ours.
    DatabaseUnusable "database_unusable" 500 1 "Choose another file." => "--database FILE";
    /// Whether the change was saved is not known.
    OutcomeUnknown "outcome_unknown" 503 1 "Look at what is there before you repeat it.";
    /// An answer that this version does not understand.
    Unknown "unknown" 500 1 "The two sides may be of different versions: update both.";
    /// A fault of ours.
    Internal "internal" 500 1 "Please report it, with what you did.";
}

/// How the terminal does what hints say that are no code's own.
const OTHERS: [(&str, &str); 1] = [(Code::UNKNOWN_PEOPLE, "`tallyport people list`, `tallyport people add`")];

impl Code {
    /// The hint where somebody is named who is not in the account.
    pub const UNKNOWN_PEOPLE: &str = "Look at who there is, or add them.";

    /// A hint as the terminal says it: with the command that does it, where it is one of those above; any other as it is.
    #[must_use]
    pub fn in_terminal(hint: &str) -> String {
        let of_codes = Self::ALL.iter().filter_map(|code| Some((code.hint(), code.terminal()?)));
        let how = of_codes.chain(OTHERS).find(|(known, _)| *known == hint).map(|(_, how)| how);
        how.map_or_else(|| hint.to_owned(), |how| format!("{}: {how}.", hint.trim_end_matches('.')))
    }

    /// Reads the word of [`Code::as_str`]; a word of another version reads as [`Code::Unknown`].
    #[must_use]
    pub fn parse(word: &str) -> Self {
        Self::ALL.iter().copied().find(|code| code.as_str() == word).unwrap_or(Self::Unknown)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_word_and_has_a_hint() {
        for code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), *code);
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
            assert!((400..600).contains(&code.status()) && (1..=8).contains(&code.exit_code()), "{code}");
            assert!(code.hint().len() > 5);
        }
        assert_eq!(Code::parse("from the future"), Code::Unknown);
    }

    #[test]
    fn a_hint_speaks_of_the_terminal_in_the_terminal_alone() {
        for code in Code::ALL {
            let hint = code.hint();
            assert!(!hint.contains('`') && !hint.contains("--") && !hint.contains("tallyport "), "{code}: {hint}");
            assert!(hint.ends_with('.') && Code::in_terminal(hint).ends_with('.'), "{code}: {hint}");
            assert_eq!(Code::in_terminal(hint) == hint, code.terminal().is_none(), "{code}");
        }
        assert_eq!(Code::in_terminal(Code::NotEnabled.hint()), "An administrator enables it: `tallyport toggl enable`.");
        assert_eq!(Code::in_terminal("Wait."), "Wait.");
    }
}
