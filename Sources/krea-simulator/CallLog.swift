import FoundationEssentials
import Glibc
import HTTPTypes

/// What is known of one request, as a line of JSON. It holds no header, so that no token can get into the log.
struct LogLine: Sendable, Equatable {
    /// Milliseconds since 1970 when the request arrived.
    var time: Int64
    var method: String
    /// The target with its query.
    var path: String
    /// Nil where the connection was closed with no answer.
    var status: Int?
    var authorised: Bool
    var jobID: String?
    var prompt: String?

    init(_ request: HTTPRequest, _ reaction: Reaction, arrived: Int64) {
        time = arrived
        method = request.method.rawValue
        path = request.path ?? ""
        status = reaction.delivery == .cut ? nil : reaction.response.status.code
        authorised = reaction.authorised
        jobID = reaction.jobID
        prompt = reaction.prompt
    }

    var json: JSON {
        [
            "time": .number(Double(time)), "method": .string(method), "path": .string(path),
            "status": status.map { .number(Double($0)) } ?? .null, "authorised": .bool(authorised),
            "job_id": jobID.map { .string($0) } ?? .null, "prompt": prompt.map { .string($0) } ?? .null,
        ]
    }
}

/// The file that log lines are appended to, each with one write, so that a reader never sees two lines mixed.
final class CallLog: Sendable {
    private let descriptor: Int32

    /// Opens or creates the file; throws if that is impossible.
    init(path: String) throws(CannotOpen) {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw CannotOpen(path: path, reason: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    func append(_ line: LogLine) {
        let bytes = line.json.bytes + [UInt8(ascii: "\n")]
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    struct CannotOpen: Error, CustomStringConvertible {
        var path: String
        var reason: String

        var description: String { "The log \(path) cannot be written: \(reason)." }
    }
}
