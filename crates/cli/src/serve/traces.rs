//! Traces for a collector: OTLP over HTTP, in JSON, a span for every request of the DSS. In the binary only with the feature `otel`.
//!
//! A collector that is slow or away costs spans and nothing else: what does not fit the queue is dropped.

use std::error::Error;
use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

/// How long a collector may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest answer of a collector that is read.
const ANSWER_BYTES: u64 = 64 << 10;

/// What sends traces, until it is dropped: then it sends what it still has.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Traces to the collector at `endpoint`, such as `http://127.0.0.1:4318/v1/traces`.
    ///
    /// # Errors
    /// The endpoint is no URL, or not of `http://`: a collector is on the same machine, and sends on by TLS.
    pub fn to(endpoint: &str) -> Result<Self, Box<dyn Error>> {
        if !endpoint.starts_with("http://") {
            return Err(
                format!("found {endpoint:?}, expected http://HOST:PORT/v1/traces of a collector beside the service").into()
            );
        }
        let agent = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false).build().into();
        let exporter = SpanExporter::builder().with_http().with_http_client(Client(agent)).with_endpoint(endpoint).build()?;
        let resource = Resource::builder().with_service_name("deconflict").build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// What makes spans.
    pub fn tracer(&self) -> SdkTracer {
        self.0.tracer("deconflict")
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// The HTTP client of the key sets; it blocks, and the exporter has a thread of its own for that.
#[derive(Debug)]
struct Client(ureq::Agent);

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let (head, mut answer) = self.0.run(Request::from_parts(head, body.to_vec()))?.into_parts();
        let bytes = answer.with_config().limit(ANSWER_BYTES).read_to_vec()?;
        Ok(Response::from_parts(head, bytes.into()))
    }
}
