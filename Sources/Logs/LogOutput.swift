public import Logging
import Synchronization

/// Where all loggers of the process write, and how much they say.
public final class LogOutput: Sendable {
    private let time: @Sendable () -> String
    private let write: @Sendable (String) -> Bool
    private let state: Mutex<(format: LogFormat, level: Logger.Level, lost: Int)>

    /// An output.
    ///
    /// - Parameters:
    ///   - time: The present time as lines have it.
    ///   - write: Is given whole lines, from one thread at a time, and must not block: whoever logs waits for it. False where there is no room for
    ///     the line. How many were lost is said with the next that is taken.
    public init(
        _ format: LogFormat, level: Logger.Level, time: @escaping @Sendable () -> String,
        write: @escaping @Sendable (String) -> Bool
    ) {
        self.time = time
        self.write = write
        state = Mutex((format, level, 0))
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

    /// Says how many lines were lost, if there is room for it now.
    public func tellLost() {
        let time = time()
        state.withLock { tellLost(&$0, time) }
    }

    private func add(_ line: LogLine) {
        let time = time()
        state.withLock { state in
            tellLost(&state, time)
            // A line that comes after lost ones is lost with them until that can be said.
            if state.lost > 0 || !write(line.text(state.format, time: time)) { state.lost += 1 }
        }
    }

    private func tellLost(_ state: inout (format: LogFormat, level: Logger.Level, lost: Int), _ time: String) {
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
