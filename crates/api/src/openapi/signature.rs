//! What a handler's signature tells: its arguments what it hears, its return type what it answers.
//!
//! So the document cannot say anything else than the code does. What no type tells, a route says when it is registered.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use tallyport_app::App;
use tallyport_http::{Asked, Body, Ids, IfMatch, OneOrMany, Open, OptionalBody, Refusal, RequestKey, SecretBody, Signed, Tagged};
use utoipa::ToSchema;

use super::Operation;

/// An argument of a handler.
#[diagnostic::on_unimplemented(
    message = "the API's document does not know what a handler hears by `{Self}`",
    note = "types in bodies and queries derive `utoipa::ToSchema`; another argument gets an `impl Hears` beside the others"
)]
pub(crate) trait Hears {
    /// Puts down what it hears.
    fn describe(operation: &mut Operation<'_>);
}

/// What a handler returns.
#[diagnostic::on_unimplemented(
    message = "the API's document does not know what `{Self}` answers",
    note = "types in answers derive `utoipa::ToSchema`; a handler that returns a `Response` says it by `.answers`"
)]
pub(crate) trait Says {
    /// Puts down what it answers.
    fn describe(operation: &mut Operation<'_>);
}

/// A handler as a whole.
pub(crate) trait Signature<T> {
    /// Puts down what it hears and answers.
    fn describe(operation: &mut Operation<'_>);
}

macro_rules! silent {
    ($($argument:ty),*) => {$(
        impl Hears for $argument {
            fn describe(_: &mut Operation<'_>) {}
        }
    )*};
}

silent!(HeaderMap, Open, Signed, State<App>);

impl<const N: usize> Hears for Ids<N> {
    fn describe(operation: &mut Operation<'_>) {
        operation.hears_ids();
    }
}

impl Hears for RequestKey {
    fn describe(operation: &mut Operation<'_>) {
        let about = "Marks a request that may come twice: it counts once, and is answered as it was the first time.";
        let schema = serde_json::json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
        operation.hears_header("Idempotency-Key", about, &schema);
    }
}

impl Hears for IfMatch {
    fn describe(operation: &mut Operation<'_>) {
        let about = "The `ETag` of what was seen: where it is another one by now, nothing is changed.";
        operation.hears_header("If-Match", about, &serde_json::json!({ "type": "string" }));
    }
}

impl<T: ToSchema> Hears for Asked<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.hears_query::<T>();
    }
}

impl<T: ToSchema> Hears for Body<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schemas().of::<T>();
        operation.hears_body(&schema, true);
    }
}

impl<T: ToSchema> Hears for SecretBody<T> {
    fn describe(operation: &mut Operation<'_>) {
        Body::<T>::describe(operation);
    }
}

impl<T: ToSchema> Hears for OptionalBody<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schemas().of::<T>();
        operation.hears_body(&schema, false);
    }
}

impl<T: ToSchema> Hears for OneOrMany<T> {
    fn describe(operation: &mut Operation<'_>) {
        let (one, mut many) = (operation.schemas().of::<T>(), operation.schemas().list_of::<T>());
        many["minItems"] = 1.into();
        operation.hears_body(&serde_json::json!({ "oneOf": [one, many] }), true);
    }
}

impl<T: Says> Says for Result<T, Refusal> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
    }
}

impl<T: ToSchema> Says for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schemas().of::<T>();
        operation.says(200, Some(&schema));
    }
}

impl<T: ToSchema, V> Says for Tagged<T, V> {
    fn describe(operation: &mut Operation<'_>) {
        Json::<T>::describe(operation);
    }
}

impl<T: Says> Says for (StatusCode, T) {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
    }
}

impl Says for StatusCode {
    fn describe(operation: &mut Operation<'_>) {
        operation.says(204, None);
    }
}

impl Says for Response {
    fn describe(_: &mut Operation<'_>) {}
}

macro_rules! signatures {
    ($(($($argument:ident),*))*) => {$(
        impl<F, Answering, Way, $($argument),*> Signature<(Way, $($argument,)*)> for F
        where
            F: FnOnce($($argument),*) -> Answering,
            Answering: Future<Output: Says>,
            $($argument: Hears,)*
        {
            fn describe(operation: &mut Operation<'_>) {
                $($argument::describe(operation);)*
                Answering::Output::describe(operation);
            }
        }
    )*};
}

signatures! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, G) }
