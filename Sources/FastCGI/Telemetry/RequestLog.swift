import HTTPTypes
import Logging

/// What the log says of requests that were answered: of slow ones always, of all at level debug. The web server keeps the log of all.
struct RequestLog: Sendable {
    let logger: Logger
    let slowAfter: @Sendable () -> Duration
    let redactedPath: @Sendable (String) -> String

    func answered(_ method: HTTPRequest.Method, _ path: String, id: String, _ status: HTTPResponse.Status, _ timings: RequestTimings) {
        let isSlow = timings.total >= slowAfter()
        logger.log(level: isSlow ? .warning : .debug, isSlow ? "A request was slow." : "Answered a request.", metadata: line())

        func line() -> Logger.Metadata {
            var line: Logger.Metadata = [
                "request_id": "\(id)", "method": "\(method.rawValue)", "path": "\(redactedPath(path))",
                "status": "\(status.code)", "milliseconds": "\(Self.milliseconds(timings.total))",
            ]
            if isSlow {
                line["stage"] = "\(timings.longest)"
                line["reading"] = "\(Self.milliseconds(timings.reading))"
                line["running"] = "\(Self.milliseconds(timings.running))"
                line["writing"] = "\(Self.milliseconds(timings.writing))"
            }
            return line
        }
    }

    private static func milliseconds(_ time: Duration) -> Int { Int(time / .milliseconds(1)) }
}
