//! What a verified token says of its bearer.

/// The bearer of a verified token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// `sub`: the USS. Not empty, at most 256 bytes, so that it is a `UssId` of the registry.
    pub subject: String,
    /// `iss`: the authority that says so. Not empty.
    pub issuer: String,
    scopes: Vec<Box<str>>,
}

impl Caller {
    /// A caller with these scopes. For tests and for [`Verifier`](super::Verifier): nothing is checked.
    pub fn new(
        subject: impl Into<String>,
        issuer: impl Into<String>,
        scopes: impl IntoIterator<Item = impl Into<Box<str>>>,
    ) -> Self {
        Self { subject: subject.into(), issuer: issuer.into(), scopes: scopes.into_iter().map(Into::into).collect() }
    }

    /// Was this scope granted? Scopes are compared byte by byte, as RFC 6749 says.
    pub fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| **granted == *scope)
    }

    /// The scopes granted, in the order of the token.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter().map(AsRef::as_ref)
    }
}
