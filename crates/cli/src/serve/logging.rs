//! The log of the service, on standard error; with the feature `otel` also traces for a collector.

use std::error::Error;
use std::io;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{Layer, Registry, fmt};

use super::traces::Traces;
use crate::args::{LogFormat, LogLevel, Serve};

/// Begins to log, and to trace if that was asked for, until what is returned is dropped.
///
/// # Errors
/// The endpoint for traces cannot be used.
pub fn start(serve: &Serve) -> Result<Option<Traces>, Box<dyn Error>> {
    let traces = traces(serve)?;
    let layers = vec![log(serve.log_format, serve.log_level)].into_iter().chain(traces.as_ref().map(traced));
    tracing_subscriber::registry().with(layers.collect::<Vec<_>>()).init();
    Ok(traces)
}

type Boxed = Box<dyn Layer<Registry> + Send + Sync>;

fn log(format: LogFormat, level: LogLevel) -> Boxed {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let log = fmt::layer().with_writer(io::stderr).with_ansi(false);
    match format {
        LogFormat::Text => log.with_filter(level).boxed(),
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(false).with_span_list(false).with_filter(level).boxed()
        }
    }
}

#[cfg(feature = "otel")]
fn traces(serve: &Serve) -> Result<Option<Traces>, Box<dyn Error>> {
    serve.otlp_endpoint.as_deref().map(Traces::to).transpose()
}

#[cfg(not(feature = "otel"))]
fn traces(_: &Serve) -> Result<Option<Traces>, Box<dyn Error>> {
    Ok(None)
}

/// Only the spans of requests become traces, whatever is logged.
#[cfg(feature = "otel")]
fn traced(traces: &Traces) -> Boxed {
    let requests =
        tracing_subscriber::filter::filter_fn(|meta| meta.is_span() && meta.name() == deconflict_service::http::REQUEST_SPAN);
    tracing_opentelemetry::layer()
        .with_tracer(traces.tracer())
        .with_location(false)
        .with_threads(false)
        .with_filter(requests)
        .boxed()
}

#[cfg(not(feature = "otel"))]
fn traced(traces: &Traces) -> Boxed {
    match *traces {}
}
