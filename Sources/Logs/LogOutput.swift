import Glibc
public import Logging
import Synchronization

/// Where all loggers of the process write, and how much they say.
public final class LogOutput: Sendable {
    private let time: @Sendable () -> String
    private let write: @Sendable (String) -> Void
    private let state: Mutex<(format: LogFormat, level: Logger.Level)>

    /// An output.
    ///
    /// - Parameters:
    ///   - time: The present time as lines have it.
    ///   - write: Is given whole lines, from one thread at a time.
    public init(
        _ format: LogFormat, level: Logger.Level, time: @escaping @Sendable () -> String,
        write: @escaping @Sendable (String) -> Void = LogOutput.standardError
    ) {
        self.time = time
        self.write = write
        state = Mutex((format, level))
    }

    /// A handler for loggers of this name. It says as much as this output does, also when that changes, unless the logger has a level of its own.
    public func handler(_ label: String) -> any LogHandler {
        Handler(output: self, label: label)
    }

    /// How much is said.
    public var level: Logger.Level {
        get { state.withLock { $0.level } }
        set { state.withLock { $0.level = newValue } }
    }

    /// What lines look like.
    public var format: LogFormat {
        get { state.withLock { $0.format } }
        set { state.withLock { $0.format = newValue } }
    }

    /// Writes to standard error, all or, when that fails, as much as it takes.
    public static let standardError: @Sendable (String) -> Void = { line in
        var rest = Array(line.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func add(_ line: LogLine) {
        let time = time()
        state.withLock { write(line.text($0.format, time: time)) }
    }

    private struct Handler: LogHandler {
        let output: LogOutput
        let label: String
        var metadata: Logger.Metadata = [:]
        private var ownLevel: Logger.Level?

        init(output: LogOutput, label: String) {
            self.output = output
            self.label = label
        }

        var logLevel: Logger.Level {
            get { ownLevel ?? output.level }
            set { ownLevel = newValue }
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            var all = metadata.merging(event.metadata ?? [:]) { $1 }
            if let error = event.error { all["error"] = "\(error)" }
            output.add(LogLine(level: event.level, label: label, message: "\(event.message)", metadata: all))
        }
    }
}
