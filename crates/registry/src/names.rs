//! One copy of each text that many records share: managers and base URLs. Not part of the state's meaning.

use crate::id::{UssBaseUrl, UssId};
use crate::table::Record;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;

#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    texts: BTreeSet<Arc<str>>,
    /// How many texts were left after the last sweep.
    swept: usize,
}

impl Names {
    /// The shared copy of `uss`.
    pub fn uss(&mut self, uss: &UssId) -> UssId {
        UssId(self.shared(&uss.0))
    }

    /// Gives `record` the shared copies of its texts.
    pub fn share(&mut self, record: &mut impl Record) {
        let (uss, url) = record.shared();
        *uss = self.uss(uss);
        *url = self.url(url);
    }

    /// The shared copy of `url`.
    pub fn url(&mut self, url: &UssBaseUrl) -> UssBaseUrl {
        UssBaseUrl(self.shared(&url.0))
    }

    fn shared(&mut self, text: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        self.texts.insert(text.clone());
        text.clone()
    }

    /// Forgets texts that nobody shares any more; only when they may be most of all, so that it costs little per text.
    pub fn sweep(&mut self) {
        const FEW: usize = 1024;
        if self.texts.len() > FEW.max(2 * self.swept) {
            self.texts.retain(|text| Arc::strong_count(text) > 1);
            self.swept = self.texts.len();
        }
    }
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
