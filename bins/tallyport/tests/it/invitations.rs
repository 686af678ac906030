//! `people invite`, `invitations`, and links to hand over: here no mail server is set up.

use serde_json::json;

use crate::support::{Bench, in_every_mode, snapshot};

in_every_mode!(
    links_are_handed_over_where_no_mail_brings_them,
    an_invitation_is_sent_again_and_taken_back,
    everybody_is_invited_or_nobody,
    a_forgotten_password_gets_a_link,
);

fn links_are_handed_over_where_no_mail_brings_them(bench: &Bench) {
    bench.account();
    snapshot!(bench.run(&["people", "invite", "zoe@example.com", "bo@example.com", "--role", "manager"]).told(), @r"
    exit 0
    --- stdout
    id  email            role     state  invited   mail
     1  zoe@example.com  manager  open   just now  none
     2  bo@example.com   manager  open   just now  none

    No mail brings these links: hand them over. Each works once, and is shown this
    once.
    zoe@example.com
      [server]/accept/[secret]
    bo@example.com
      [server]/accept/[secret]
    "); // N1, N3
    snapshot!(bench.run(&["invitations", "list"]).told(), @r"
    exit 0
    --- stdout
    id  email            role     state  invited   mail
     2  bo@example.com   manager  open   just now  none
     1  zoe@example.com  manager  open   just now  none
    ");
    let listed = bench.json(&["invitations", "list"]);
    let fields = listed[0].as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(fields, ["email", "expires_at", "id", "invited_at", "invited_by", "mail", "role", "state"], "no link in {listed}");
}

fn an_invitation_is_sent_again_and_taken_back(bench: &Bench) {
    bench.account();
    let invited = bench.json(&["people", "invite", "zoe@example.com"]);
    let resent = bench.json(&["invitations", "resend", " Zoe@example.com", "--by-hand"]);
    assert_ne!(invited[0]["link"], resent["link"]); // N2
    assert_eq!(bench.json(&["invitations", "revoke", "zoe@example.com"])["state"], "revoked");
    snapshot!(bench.run(&["invitations", "resend", "zoe@example.com"]).told(), @r"
    exit 5
    --- stderr
    error: the invitation is revoked
    hint: Invite them anew, or send the invitation again.
    ");
    snapshot!(bench.run(&["invitations", "revoke", "ghost@example.com"]).told(), @r"
    exit 4
    --- stderr
    error: nobody with the email ghost@example.com was invited
    hint: `tallyport invitations list` shows who was.
    ");
    snapshot!(bench.run(&["invitations", "revoke", "4711"]).told(), @r"
    exit 4
    --- stderr
    error: there is no such invitation
    hint: Check the id; it may be in another account, or gone.
    ");
}

fn everybody_is_invited_or_nobody(bench: &Bench) {
    bench.account();
    snapshot!(bench.run(&["people", "invite", "zoe@example.com", "nobody"]).told(), @r#"
    exit 2
    --- stderr
    error: "nobody" is not an email address
    hint: Give an address such as ada@example.com.
    "#);
    snapshot!(bench.run(&["people", "invite", "zoe@example.com", &bench.owner()]).told(), @r"
    exit 5
    --- stderr
    error: somebody in the account has this email already
    hint: Use another address, or change theirs first.
    ");
    assert_eq!(bench.json(&["invitations", "list"]), json!([]));
    snapshot!(bench.run(&["invitations", "list"]).told(), @r"
    exit 0
    --- stdout
    Nobody was invited
    ");
    bench.done(&["people", "invite", "zoe@example.com"]);
    snapshot!(bench.run(&["people", "invite", "ZOE@example.com"]).told(), @r"
    exit 5
    --- stderr
    error: ZOE@example.com is invited already
    hint: Send the invitation again: `tallyport invitations resend`.
    ");
    bench.done(&["people", "add", "bo@example.com", "--name", "Bo"]);
    assert_eq!(bench.run(&["people", "invite", "x@example.com", "--as", "bo@example.com"]).code, 3);
}

fn a_forgotten_password_gets_a_link(bench: &Bench) {
    bench.account();
    bench.done(&["people", "add", "bo@example.com", "--name", "Bo"]);
    snapshot!(bench.run(&["people", "reset-password", "bo@example.com"]).told(), @r"
    exit 0
    --- stdout
    [server]/reset/[secret]
    "); // A7
    assert_eq!(bench.run(&["people", "reset-password", &bench.owner(), "--as", "bo@example.com"]).code, 3);
}
