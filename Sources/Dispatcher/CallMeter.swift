public import CoreMetrics
import Jobs
import KreaAPI
import Logging

/// Measures the calls to Krea.
public struct CallMeter: Sendable {
    /// The name of the timer of all calls, with the dimensions `kind` and `outcome`.
    public static let calls = "krea_fcgi_krea_call_seconds"
    /// The name of the counter of calls that brought an error, with the dimensions `kind` and `error`.
    public static let errors = "krea_fcgi_krea_errors"

    private let factory: any MetricsFactory

    /// Measures with this factory.
    public init(_ factory: any MetricsFactory) {
        self.factory = factory
    }

    /// A call of this kind begins.
    func begin(_ call: Call, clock: any Clock<Duration>) -> MeasuredCall {
        MeasuredCall(call: call, factory: factory, elapsed: Self.stopwatch(clock))
    }

    private static func stopwatch(_ clock: some Clock<Duration>) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}

/// One call to Krea while it is being made.
struct MeasuredCall: Sendable {
    let call: Call
    fileprivate let factory: any MetricsFactory
    fileprivate let elapsed: @Sendable () -> Duration

    /// The call has ended. Returns what a log says of every call: what it was, how it ended, and how long it took.
    ///
    /// - Parameter outcome: In one word. Krea's own words for the state of a job are no outcomes: there can be any number of them.
    func end(_ outcome: String, _ error: KreaError? = nil) -> Logger.Metadata {
        let time = elapsed()
        Timer(label: CallMeter.calls, dimensions: [("kind", call.kind.rawValue), ("outcome", outcome)], factory: factory)
            .recordNanoseconds(time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
        var line: Logger.Metadata = [
            "kind": "\(call.kind.rawValue)", "outcome": "\(outcome)", "milliseconds": "\(time.millisecondsRoundedUp)",
        ]
        if call.job != .none {
            line["job"] = "\(call.job)"
            line["part"] = "\(call.part)"
        }
        if let error {
            Counter(label: CallMeter.errors, dimensions: [("kind", call.kind.rawValue), ("error", error.word)], factory: factory)
                .increment()
            line["error"] = "\(error.logText)"
        }
        return line
    }
}

extension PollOutcome {
    /// The outcome in one word of a few.
    var measure: String {
        if case .answered = self { "answered" } else { word }
    }
}
