import FoundationEssentials
import HTTPTypes
import PlainText

/// An answer of the status server.
struct StatusAnswer: Sendable {
    let status: HTTPResponse.Status
    let contentType: String
    let body: String
    var fields: [(String, String)] = []

    static func text(_ status: HTTPResponse.Status, _ text: String) -> StatusAnswer {
        StatusAnswer(status: status, contentType: "text/plain; charset=utf-8", body: text + "\n")
    }

    /// The answer of a health check: `ok`, or 503 with the problem.
    static func health(_ problem: String?) -> StatusAnswer {
        problem.map { .text(.serviceUnavailable, $0) } ?? .text(.ok, "ok")
    }

    static func status(_ status: ServiceStatus, _ format: StatusRoute.Format) -> StatusAnswer {
        switch format {
        case .text: return StatusAnswer(status: .ok, contentType: "text/plain; charset=utf-8", body: StatusText.text(status))
        case .html:
            return StatusAnswer(
                status: .ok, contentType: "text/html; charset=utf-8", body: StatusPage.html(status),
                fields: [("Content-Security-Policy", StatusPage.securityPolicy), ("Refresh", "5")])
        case .json:
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            guard let data = try? encoder.encode(status) else {
                return .text(.internalServerError, "The status cannot be written as JSON.")
            }
            return StatusAnswer(
                status: .ok, contentType: "application/json", body: String(decoding: data, as: UTF8.self).printableJSON + "\n")
        }
    }

    static let unknown = text(
        .notFound, "Not found. There are /status, /metrics, /health/started, /health/ready and /health/live.")
    static let malformed = text(.badRequest, "This is not an HTTP request.")
    static var wrongMethod: StatusAnswer {
        var answer = text(.methodNotAllowed, "Only GET and HEAD are allowed.")
        answer.fields = [("Allow", "GET, HEAD")]
        return answer
    }
}

extension StatusCollector {
    /// Calls `body` on the queue with the answer to a route.
    func answer(_ route: StatusRoute, _ body: @escaping @Sendable (StatusAnswer) -> Void) {
        switch route {
        case .status(let format, let full): status(full: full) { body(.status($0, format)) }
        case .metrics:
            status(full: false) { [self] status in
                body(
                    StatusAnswer(
                        status: .ok, contentType: OpenMetrics.contentType, body: OpenMetrics.text(status.families + measured)))
            }
        case .started: startup { body(.health($0)) }
        case .ready: readiness { body(.health($0)) }
        case .live: liveness { body(.health($0)) }
        case .nothing: body(.unknown)
        }
    }
}
