public import Logging
import Synchronization

/// The one output of all loggers in the process, with its level and format.
public final class LogOutput: Sendable {
    private let time: @Sendable () -> String
    private let write: @Sendable (String) -> Bool
    private let state: Mutex<(format: LogFormat, level: Logger.Level, lost: Int)>

    /// - Parameters:
    ///   - time: The current time as it appears in a line.
    ///   - write: Takes a whole line and returns false if it has no room. Called from one thread at a time. Must not block, because the logging
    ///     thread waits for it. The next line that it takes is preceded by one with the number of lost lines.
    public init(
        _ format: LogFormat, level: Logger.Level, time: @escaping @Sendable () -> String,
        write: @escaping @Sendable (String) -> Bool
    ) {
        self.time = time
        self.write = write
        state = Mutex((format, level, 0))
    }

    /// A handler for loggers with this label. It follows the level of this output unless the logger sets its own.
    public func handler(_ label: String) -> any LogHandler {
        Handler(output: self, label: label)
    }

    /// The least severe level that is written.
    public var level: Logger.Level {
        get { state.withLock { $0.level } }
        set { state.withLock { $0.level = newValue } }
    }

    /// The form of the lines.
    public var format: LogFormat {
        get { state.withLock { $0.format } }
        set { state.withLock { $0.format = newValue } }
    }

    /// Writes how many lines were lost, if there is room for that now.
    public func reportLost() {
        let time = time()
        state.withLock { reportLost(&$0, time) }
    }

    private func add(_ line: LogLine) {
        let time = time()
        state.withLock { state in
            reportLost(&state, time)
            // Until the loss is reported, later lines are lost too.
            if state.lost > 0 || !write(line.text(state.format, time: time)) { state.lost += 1 }
        }
    }

    private func reportLost(_ state: inout (format: LogFormat, level: Logger.Level, lost: Int), _ time: String) {
        guard state.lost > 0 else { return }
        let line = LogLine(
            level: .warning, label: "krea-fcgi", message: "Lines of the log are missing here: nothing took them in time.",
            metadata: ["lines": "\(state.lost)"])
        if write(line.text(state.format, time: time)) { state.lost = 0 }
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
