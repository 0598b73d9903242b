import HTTPTypes
import KreaAPI

/// An answer of Krea's written as text: what was asked for, the status, header fields, an empty line, and the body.
///
///     list
///     200
///     Date: Sat, 28 Nov 2026 16:10:00 GMT
///
///     {"items": [], "next_cursor": null}
struct KreaScript {
    enum Question: String {
        case submit, job, list, routes, cancel
    }

    let question: Question
    let answer: FixedAnswer

    init(_ input: [UInt8]) {
        var rest = input[...]
        func line() -> ArraySlice<UInt8>? {
            guard !rest.isEmpty else { return nil }
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            return line
        }
        question = Question(rawValue: String(decoding: line() ?? [], as: UTF8.self)) ?? .job
        let status = Int(String(decoding: line() ?? [], as: UTF8.self)) ?? 200
        var response = HTTPResponse(status: .init(code: (100...999).contains(status) ? status : 200))
        while let line = line(), !line.isEmpty {
            let sides = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let name = HTTPField.Name(String(decoding: sides[0], as: UTF8.self)) else { continue }
            Array(sides[1].drop { $0 == UInt8(ascii: " ") }).withUnsafeBytes {
                response.headerFields.append(HTTPField(name: name, value: $0))
            }
        }
        answer = FixedAnswer(response: response, body: Array(rest))
    }
}

/// Answers whatever is asked with the same.
struct FixedAnswer: Transport {
    let response: HTTPResponse
    let body: [UInt8]

    func exchange(
        _ request: HTTPRequest, body: [UInt8], timeout: Duration
    ) async throws(TransportError) -> (HTTPResponse, [UInt8]) {
        (response, self.body)
    }
}
