import Answers
import HTTPTypes
import Jobs
import TestSupport
import Web

/// An answer, and what has to be true of any.
struct FuzzedAnswer {
    let status: Int
    let fields: HTTPFields
    let text: String
    private let bytes: [UInt8]

    /// An answer that waits is taken to its end, or to 1 MiB. `pass` lets its time pass.
    init(_ answer: Answer, pass: (Duration) -> Void = { _ in }) throws {
        var (response, bytes, wait) = (answer.response, answer.body, answer.wait)
        while let waiting = wait, bytes.count < 1 << 20 {
            pass(waiting.timeout)
            let next = try waiting.next(.due)
            (response, wait) = (response ?? next.response, next.wait)
            bytes += next.body
        }
        guard let response else { throw Finding("There is no head.") }
        (status, fields, self.bytes) = (response.status.code, response.headerFields, bytes)
        text = String(decoding: bytes, as: UTF8.self)
    }

    private var type: String { String((fields[.contentType] ?? "").prefix { $0 != ";" }) }
    var isJSON: Bool { type == "application/json" }
    var json: JSONValue? { try? JSONDecoding.value(bytes) }

    /// Throws a ``Finding``.
    func check(mayBeUnavailable: Bool) throws {
        guard (200..<500).contains(status) || mayBeUnavailable && status == 503 else { throw Finding("The status is \(status).") }
        guard fields[.xContentTypeOptions] == "nosniff", fields[HTTPField.Name("Content-Security-Policy")!] != nil else {
            throw Finding("A header of every answer is missing.")
        }
        // Two slashes would lead to another host.
        if let location = fields[.location], location.first != "/" || location.hasPrefix("//") {
            throw Finding("Location is \(location).")
        }
        guard !fields.contains(where: { $0.value.utf8.contains { $0 < 0x20 } }) else { throw Finding("A header has a control character.") }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Finding("The body is not UTF-8.") }
        switch type {
        case "application/json":
            guard let value = json, let members = value.members else { throw Finding("The body is no JSON object.") }
            if status >= 400, members["error"]?.text?.isEmpty != false || members["code"]?.text?.isEmpty != false {
                throw Finding("An error says nothing.")
            }
        case "text/html", "image/svg+xml": try MarkupCheck(text).run()
        case "text/plain", "text/markdown": break
        case "text/event-stream": try checkEvents()
        case "": if !bytes.isEmpty { throw Finding("A body has no type.") }
        default: throw Finding("The type is \(type).")
        }
    }
    /// Server-sent events: fields that are known, each with a value that cannot end early, and JSON as data.
    private func checkEvents() throws {
        for line in text.split(separator: "\n") where line != ":" {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            let value = parts.count > 1 ? parts[1].drop(while: { $0 == " " }) : ""
            let isGood =
                switch parts[0] {
                case "retry": Int(value) != nil
                case "id": value.hasPrefix("\"")
                case "event": value == "job"
                case "data": (try? JSONDecoding.value(Array(value.utf8)).members) != nil
                default: false
                }
            guard isGood, !line.contains("\r") else { throw Finding("An event stream has the line \(line).") }
        }
    }
}
