//! `application/x-www-form-urlencoded`, as browsers send it.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use percent_encoding::percent_decode;

use crate::error::{Error, Result};
use crate::redact::{self, Logged};
use crate::telemetry::RequestLog;

/// A form, read into `T`.
#[derive(Debug)]
pub struct Form<T>(pub T);

/// The fields of a form, decoded.
#[derive(Debug)]
pub struct Fields<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Fields<'a> {
    /// Decodes a form.
    ///
    /// # Errors
    /// 400 when a name or a value is not UTF-8, which no browser sends: guessing what was meant would change passwords.
    pub fn parse(body: &'a [u8]) -> Result<Self> {
        let pairs = body.split(|b| *b == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
            let middle = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            Ok((decode(&pair[..middle])?, decode(pair.get(middle + 1..).unwrap_or_default())?))
        });
        pairs.collect::<Result<_>>().map(Self)
    }

    /// The value of a field that the route needs.
    ///
    /// # Errors
    /// 400 when it is missing or comes twice.
    pub fn need(&self, name: &'static str) -> Result<String> {
        let mut values = self.0.iter().filter(|(key, _)| key == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Ok(value.clone().into_owned()),
            (None, _) => Err(Error::BadRequest("field_missing", format!("The form has no field '{name}'"))),
            (Some(_), Some(_)) => {
                Err(Error::BadRequest("field_twice", format!("The form has the field '{name}' twice")))
            }
        }
    }
}

fn decode(part: &[u8]) -> Result<Cow<'_, str>> {
    let text = |bytes| {
        String::from_utf8(bytes).map_err(|_| Error::BadRequest("form_not_utf8", "The form is not UTF-8".into()))
    };
    if part.contains(&b'+') {
        let spaced: Vec<u8> = part.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
        return text(percent_decode(&spaced).collect()).map(Cow::Owned);
    }
    match percent_decode(part).into() {
        Cow::Borrowed(plain) => std::str::from_utf8(plain)
            .map(Cow::Borrowed)
            .map_err(|_| Error::BadRequest("form_not_utf8", "The form is not UTF-8".into())),
        Cow::Owned(decoded) => text(decoded).map(Cow::Owned),
    }
}

impl<S, T> FromRequest<S> for Form<T>
where
    S: Send + Sync,
    T: Logged + for<'a> TryFrom<&'a Fields<'a>, Error = Error>,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        if !is_form(&request) {
            return Err(Error::UnsupportedMediaType);
        }
        let log = request.extensions().get::<RequestLog>().cloned();
        let body = bytes(request, state).await?;
        let fields = Fields::parse(&body)?;
        if let Some(log) = log {
            log.content(redact::form(
                fields.0.iter().map(|(k, v)| (Cow::Borrowed(&**k), Cow::Borrowed(&**v))),
                T::FIELDS,
            ));
        }
        T::try_from(&fields).map(Self)
    }
}

/// The body, which the middleware has read already.
pub(super) async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes> {
    let unread = |_| Error::BadRequest("body_incomplete", "The body broke off".into());
    Bytes::from_request(request, state).await.map_err(unread)
}

fn is_form(request: &Request) -> bool {
    let given = request.headers().get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let essence = given.unwrap_or("application/x-www-form-urlencoded").split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_decoded_as_browsers_encode_it() {
        let fields = Fields::parse(b"a=1+2&b=%2B&c=%C3%BC&&d").unwrap();
        assert_eq!(fields.need("a").unwrap(), "1 2");
        assert_eq!(fields.need("b").unwrap(), "+");
        assert_eq!(fields.need("c").unwrap(), "ü");
        assert_eq!(fields.need("d").unwrap(), "");
    }

    #[test]
    fn what_is_missing_or_ambiguous_or_no_text_is_refused() {
        assert!(Fields::parse(b"a=1").unwrap().need("b").is_err());
        assert!(Fields::parse(b"a=1&a=2").unwrap().need("a").is_err());
        assert!(Fields::parse(b"a=%ED%A0%80").is_err());
        assert!(Fields::parse(b"a=\xff").is_err());
    }
}
