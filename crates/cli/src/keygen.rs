//! `deconflict keygen`: a pair of keys in two files. Never touches a file that exists.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use deconflict_evidence::PublicKey;
use deconflict_service::tokens::SigningKey;

use crate::args::Keygen;
use crate::{Status, output};

/// What the files are called in a folder: keys of tokens, and keys that a party signs with.
const NAMES_IN_FOLDER: [&str; 2] = ["token", "signing"];

/// Makes the keys and writes them.
pub fn run(keygen: &Keygen) -> Status {
    let [private, public] = ["key", "pem"].map(|extension| path(keygen, extension));
    match make(keygen, &private, &public) {
        Ok(public_key) => {
            let (private, public) = (private.display(), public.display());
            let next = match public_key {
                Some(key) => format!("deconflict sign --key {private} CONTENT; the service takes the public key as {key}"),
                None => format!("deconflict token --key {private} --sub uss1 --aud localhost --scope utm.strategic_coordination"),
            };
            output::print_plain(&format!("wrote {private}, keep it to yourself, and {public}; next: {next}\n"), Status::Clear)
        }
        Err(why) => {
            output::complain(&format!("error: {why}; nothing was written\n"));
            Status::BadInput
        }
    }
}

/// A file in the folder `out`, or one whose name begins with `out`.
fn path(Keygen { out, signing, .. }: &Keygen, extension: &str) -> PathBuf {
    // A trailing slash means a folder, even one that is missing; the error then names the path that was meant.
    let is_folder = out.is_dir() || out.as_os_str().to_string_lossy().ends_with('/');
    let mut path = if is_folder { out.join(NAMES_IN_FOLDER[usize::from(*signing)]) } else { out.to_owned() }.into_os_string();
    path.push(".");
    path.push(extension);
    path.into()
}

/// Makes both files; the public key of a party that signs as the service takes it.
fn make(keygen: &Keygen, private: &Path, public: &Path) -> Result<Option<PublicKey>, String> {
    let key = SigningKey::generate(keygen.algorithm.into()).map_err(|error| error.to_string())?;
    let private_pem = key.private_pem().map_err(|error| error.to_string())?;
    let public_pem = key.public_pem().map_err(|error| error.to_string())?;
    let public_key = keygen.signing.then(|| PublicKey::from_pem(&public_pem)).transpose().map_err(|why| why.to_string())?;
    // Both files are ours before either is written.
    let private_file = create(private, 0o600)?;
    let written = create(public, 0o644).and_then(|public_file| {
        write(private_file, &private_pem, private)?;
        write(public_file, &public_pem, public).inspect_err(|_| remove(public))
    });
    written.inspect_err(|_| remove(private)).map(|()| public_key)
}

/// A new file, which only `mode` lets others read; systems without modes have their own rules.
fn create(path: &Path, mode: u32) -> Result<File, String> {
    let mut options = OpenOptions::new();
    // `create_new` decides and creates in one step: no file, and no link to one, can slip in between.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    options.open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => format!("{} exists already", path.display()),
        _ => format!("cannot write {}: {error}", path.display()),
    })
}

/// Writes a new file; one that exists is left alone, and that is an error.
pub fn write_new(path: &Path, mode: u32, text: &str) -> Result<(), String> {
    let file = create(path, mode)?;
    let synced = file.try_clone().map_err(|error| error.to_string())?;
    write(file, text, path)?;
    synced.sync_all().map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn write(mut file: File, text: &str, path: &Path) -> Result<(), String> {
    file.write_all(text.as_bytes()).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Takes back a file that we have just made. If that fails, the error at hand is still the one to tell.
fn remove(path: &Path) {
    let _ = std::fs::remove_file(path);
}
