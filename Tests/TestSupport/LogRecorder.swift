package import Logging
import Synchronization

/// Keeps what is logged, one line an entry.
package final class LogRecorder: Sendable {
    private let recorded = Mutex<[String]>([])

    package init() {}

    package var lines: [String] { recorded.withLock(\.self) }

    package var logger: Logger {
        Logger(label: "test") { _ in Handler(recorder: self) }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let words = ["\(event.level)", "\(event.message)"] + (event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted()
            recorder.recorded.withLock { $0.append(words.joined(separator: " ")) }
        }
    }
}
