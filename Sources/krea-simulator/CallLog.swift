import FoundationEssentials
import Glibc
import HTTPTypes

/// A logged request, one line of JSON. It contains no header, so no token gets into the log.
struct LogLine: Sendable, Equatable {
    /// When the request arrived, in milliseconds since 1970.
    var time: Int64
    var method: String
    /// The target with its query.
    var path: String
    /// The status; nil if the connection was closed without an answer.
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

/// The file of logged requests. Each line is appended with one write, so lines never mix.
final class CallLog: Sendable {
    private let descriptor: Int32

    /// Opens or creates the file. Throws if that fails.
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
