//! KML and KMZ: containers with their times, and the Placemarks in them. Does not know what a Placemark means.

mod kmz;
mod placemark;
mod shapes;
mod times;
mod xml;

use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::batch::Batch;
use super::input::Input;
use super::names::Names;
use super::options::ReadOptions;
use super::problems::{Fatal, Fault, quoted};
use xml::{Element, Tag, Xml};

/// Placemarks are handed on in parts of about this many.
const PART: usize = 256;

/// Elements that hold Placemarks.
const CONTAINERS: [&str; 3] = ["kml", "Document", "Folder"];
/// Elements that show something which is not of a place and a time.
const SHOWN_ONLY: [&str; 5] = ["GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Tour", "NetworkLinkControl"];

/// Reads a document, packed or not.
pub fn read(mut input: Input, options: &ReadOptions, take: &mut dyn FnMut(Batch)) {
    let count = input.count();
    let mut unpack = || {
        let is_archive = input.ahead(4).starts_with(b"PK\x03\x04");
        if is_archive { input.read_all(kmz::KMZ_MAX).map(Some) } else { Ok(None) }
    };
    match unpack() {
        Ok(None) => {
            let packed = input.is_packed();
            Document::new(Xml::new(input.into_buffered(), packed), count).read(options, take);
        }
        Ok(Some(archive)) => match kmz::document(&archive) {
            Ok(document) => Document::new(Xml::new(document, false), count).read(options, take),
            Err(fatal) => take(Batch::failed(fatal)),
        },
        Err(fatal) => take(Batch::failed(fatal)),
    }
}

struct Document<R> {
    xml: Xml<R>,
    /// The open containers, each with the time that holds in it.
    open: Vec<Option<Element>>,
    names: Names,
    batch: Batch,
    in_batch: usize,
    count: Arc<AtomicU64>,
}

impl<R: BufRead> Document<R> {
    fn new(xml: Xml<R>, count: Arc<AtomicU64>) -> Self {
        Self { xml, open: Vec::new(), names: Names::default(), batch: Batch::at(0), in_batch: 0, count }
    }

    fn read(mut self, options: &ReadOptions, take: &mut dyn FnMut(Batch)) {
        let mut seen = false;
        loop {
            match self.next(&mut seen, options) {
                Ok(true) => {}
                Ok(false) => break,
                Err(fatal) => {
                    self.batch.fatal = Some(fatal);
                    break;
                }
            }
            if self.in_batch >= PART {
                self.in_batch = 0;
                take(std::mem::replace(&mut self.batch, Batch::at(self.count.load(Ordering::Relaxed))));
            }
        }
        take(self.batch);
    }

    /// Reads on by a tag or a Placemark; says whether the file goes on.
    fn next(&mut self, seen: &mut bool, options: &ReadOptions) -> Result<bool, Fatal> {
        match self.xml.tag(None)? {
            Tag::Start(element) => {
                let known = CONTAINERS.contains(&element.name.as_str()) || element.name == "Placemark";
                if !std::mem::replace(seen, true) && !known {
                    return Err(Fatal::new(element.line, "", format!("the element {}", quoted(&element.name)), "`kml`"));
                }
                self.element(element, options)?;
            }
            Tag::End => {
                self.open.pop();
            }
            Tag::Over if *seen => return Ok(false),
            Tag::Over => return Err(Fatal::new(1, "", "a file without elements", "a KML document")),
        }
        Ok(true)
    }

    /// An element that started directly in a container.
    fn element(&mut self, element: Element, options: &ReadOptions) -> Result<(), Fatal> {
        let inherited = self.open.last().cloned().flatten();
        match element.name.as_str() {
            name if CONTAINERS.contains(&name) => {
                self.open.push(inherited);
                return Ok(());
            }
            "Placemark" => {
                let placemark = self.xml.subtree(element)?;
                placemark::read(&placemark, inherited.as_ref(), &mut self.names, options, &mut self.batch);
                self.in_batch += 1;
            }
            "TimeSpan" | "TimeStamp" => {
                let time = self.xml.subtree(element)?;
                if let Some(here) = self.open.last_mut() {
                    *here = Some(time);
                }
            }
            "NetworkLink" => {
                let line = element.line;
                self.xml.skip()?;
                let expected = "the document that it leads to, read by itself";
                let fault = Fault::new(line, "NetworkLink", "a link to another document, which is not followed", expected);
                self.batch.add_bad(None, vec![fault]);
                self.in_batch += 1;
            }
            name => {
                if SHOWN_ONLY.contains(&name) {
                    self.batch.ignore(name);
                }
                self.xml.skip()?;
            }
        }
        Ok(())
    }
}
