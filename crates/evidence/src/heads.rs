//! Heads of a stream that its recipient kept as the service signed them: a bundle that tells another story is found by them, even
//! if the service has signed that one, too. Does not know how they were kept.

use crate::bundle::Bundle;
use crate::hash::Hash;
use crate::key::PublicKey;
use crate::problem::{Problem, ProblemKind};
use crate::signed::Signed;
use crate::statement::Statement;
use crate::verify::SERVICE;

/// Holds a bundle against heads that were kept; those of other streams are passed over. `trusted` says whose key is which: where it has a key of the service,
/// heads by another one are problems.
///
/// How many heads are of this stream and agree.
///
/// # Errors
/// Every head that does not count, and every one that shows another history than the bundle.
pub fn hold_against(bundle: &Bundle, heads: &[Signed], trusted: &[(String, PublicKey)]) -> Result<usize, Vec<Problem>> {
    let known: Vec<PublicKey> = trusted.iter().filter(|(party, _)| party == SERVICE).map(|(_, key)| *key).collect();
    let named = bundle.keys.iter().filter(|named| named.party == SERVICE).map(|named| named.key);
    let known = if known.is_empty() { named.collect() } else { known };
    let (mut problems, mut agree) = (Vec::new(), 0);
    for (at, signed) in heads.iter().enumerate() {
        let mut problem = |kind, path: &str, found: String, expected: String| {
            problems.push(Problem { kind, path: format!("heads[{at}].{path}"), found, expected });
        };
        let key = match signed.check() {
            Ok(key) => key,
            Err(why) => {
                problem(ProblemKind::Refuted, "signature", why.to_string(), "a signature of the service".to_owned());
                continue;
            }
        };
        let Ok(Statement::Head(head)) = signed.statement() else {
            problem(ProblemKind::Unusable, "content", "something else".to_owned(), "a head, as the service signs it".to_owned());
            continue;
        };
        if head.stream != bundle.stream {
            continue;
        }
        if !known.contains(&key) {
            problem(ProblemKind::Refuted, "key", key.to_string(), "the key of the service".to_owned());
            continue;
        }
        let entry = usize::try_from(head.seq).ok().and_then(|seq| bundle.entries.get(seq.checked_sub(1)?));
        let here = if head.seq == 0 { Some(Hash::ZERO) } else { entry.map(|entry| entry.hash) };
        match here {
            Some(here) if here == head.hash => agree += 1,
            Some(here) => {
                let expected = format!("{here}, which entry {} has in the bundle: two histories of this stream", head.seq);
                problem(ProblemKind::Split, "hash", head.hash.to_string(), expected);
            }
            None => {
                let expected =
                    format!("at most {}: the bundle was exported before, or later entries were left out", bundle.entries.len());
                problem(ProblemKind::Refuted, "seq", head.seq.to_string(), expected);
            }
        }
    }
    if problems.is_empty() { Ok(agree) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bundle::{Entry, PartyKey};
    use crate::hash::link;
    use crate::key::SecretKey;

    fn entries(bodies: &[&str]) -> Vec<Entry> {
        let (mut entries, mut previous) = (Vec::new(), Hash::ZERO);
        for (seq, body) in (1..).zip(bodies) {
            let hash = link("A", seq, &previous, body.as_bytes());
            entries.push(Entry { seq, previous, hash, body: (*body).to_owned() });
            previous = hash;
        }
        entries
    }

    #[test]
    fn kept_heads_agree_with_their_history_and_with_no_other() {
        let (key, other) = (SecretKey::from_seed(&[1; 32]).unwrap(), SecretKey::from_seed(&[2; 32]).unwrap());
        let told = entries(&["{\"event\":\"one\"}", "{\"event\":\"two\"}", "{\"event\":\"three\"}"]);
        let head = |key: &SecretKey, stream: &str, entries: &[Entry]| {
            let last = entries.last().unwrap();
            let head = json!({ "head": { "stream": stream, "seq": last.seq, "hash": last.hash }, "at": "2026-05-01T08:00:00Z" });
            key.sign(head.to_string())
        };
        let keys = vec![PartyKey { party: SERVICE.to_owned(), key: key.public() }];
        let bundle = |entries: &[Entry]| Bundle::new(1, "A".to_owned(), entries.to_vec(), Vec::new(), keys.clone());
        let kept = [head(&key, "A", &told[..1]), head(&key, "A", &told), head(&key, "B", &entries(&["{}"]))];
        let trusted = [(SERVICE.to_owned(), key.public())];
        assert_eq!(Ok(2), hold_against(&bundle(&told), &kept, &trusted));
        assert_eq!(Ok(2), hold_against(&bundle(&told), &kept, &[]), "with the key that the bundle names");

        let kinds = |bundle: &Bundle, heads: &[Signed]| -> Vec<(ProblemKind, String)> {
            let problems = hold_against(bundle, heads, &trusted).unwrap_err();
            problems.into_iter().map(|problem| (problem.kind, problem.path)).collect()
        };
        let rewritten = entries(&["{\"event\":\"one\"}", "{\"event\":\"never\"}", "{\"event\":\"three\"}"]);
        assert_eq!(vec![(ProblemKind::Split, "heads[1].hash".to_owned())], kinds(&bundle(&rewritten), &kept));
        assert_eq!(vec![(ProblemKind::Refuted, "heads[1].seq".to_owned())], kinds(&bundle(&told[..2]), &kept));
        let by_another = [head(&other, "A", &told)];
        assert_eq!(vec![(ProblemKind::Refuted, "heads[0].key".to_owned())], kinds(&bundle(&told), &by_another));
        let mut changed = kept[0].clone();
        changed.content = changed.content.replace("08:00", "09:00");
        assert_eq!(vec![(ProblemKind::Refuted, "heads[0].signature".to_owned())], kinds(&bundle(&told), &[changed]));
    }
}
