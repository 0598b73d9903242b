import HTTPTypes

/// Requests written as text: `%` and words for the settings, then requests with a line `---` between two.
///
///     % cors keys
///     ! REMOTE_USER alice
///     POST /api/jobs
///     Content-Type: application/json
///
///     {"prompt": "a lighthouse"}
///
/// `!` gives a CGI variable. `$0` to `$9` in the target stand for the ID of the first job that was made to the tenth.
struct WebScript {
    struct Entry {
        var method = HTTPRequest.Method.get
        var target = ""
        var fields = HTTPFields()
        var variables = ["REMOTE_ADDR": "192.0.2.1"]
        var body: [UInt8] = []
    }

    let settings: Set<String>
    let entries: [Entry]

    init(_ input: [UInt8]) {
        var rest = input[...]
        if rest.first == UInt8(ascii: "%") {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            settings = Set(String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init))
        } else {
            settings = []
        }
        entries = rest.split(separator: Array("\n---\n".utf8), maxSplits: 12).map(Self.entry)
    }

    private static func entry(_ text: ArraySlice<UInt8>) -> Entry {
        var entry = Entry()
        var rest = text
        var hasMethod = false
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            if line.isEmpty { break }
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            if words[0] == "!" {
                entry.variables[words.dropFirst().first ?? ""] = words.count > 2 ? words[2] : nil
            } else if hasMethod {
                let sides = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
                guard sides.count == 2, let name = HTTPField.Name(String(decoding: sides[0], as: UTF8.self)) else { continue }
                let value = Array(sides[1].drop { $0 == UInt8(ascii: " ") })
                value.withUnsafeBytes { entry.fields.append(HTTPField(name: name, value: UnsafeRawBufferPointer($0))) }
            } else {
                hasMethod = true
                entry.method = HTTPRequest.Method(words[0]) ?? .get
                entry.target = words.dropFirst().joined(separator: " ")
            }
        }
        entry.body = Array(rest)
        return entry
    }
}
