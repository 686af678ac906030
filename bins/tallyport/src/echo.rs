//! Keys without their echo: a terminal shows `^C` and all else that is typed where the cursor is, in the midst of a drawing.

#[cfg(unix)]
pub(crate) use here::Hushed;

#[cfg(unix)]
mod here {
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// While it lives, the terminal of standard input shows nothing of what is typed.
    pub(crate) struct Hushed(Option<Termios>);

    impl Hushed {
        /// Hushes the terminal, if there is one.
        pub(crate) fn new() -> Self {
            let Ok(before) = tcgetattr(std::io::stdin()) else { return Self(None) };
            let mut hushed = before.clone();
            hushed.local_modes.remove(LocalModes::ECHO);
            // Where it cannot be hushed, the looks of the drawing are all that is lost.
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &hushed);
            Self(Some(before))
        }
    }

    impl Drop for Hushed {
        fn drop(&mut self) {
            if let Some(before) = &self.0 {
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
            }
        }
    }
}

/// Elsewhere nothing is echoed by the terminal itself.
#[cfg(not(unix))]
pub(crate) struct Hushed;

#[cfg(not(unix))]
impl Hushed {
    pub(crate) fn new() -> Self {
        Self
    }
}
