import FoundationEssentials
import Jobs
import Testing

@testable import Web

@Suite struct JSONWriterTests {
    private func text(_ value: some JSONWritable) -> String { String(decoding: JSONWriter.bytes(of: value), as: UTF8.self) }

    /// What the library writes with the same rules: sorted names, slashes as they are.
    @Test(
        arguments: [
            .null, true, false, 0, -17, 1024, 0.5, -1.25e-7, 1e300, 9_007_199_254_740_993, "", "plain", "a/b \"c\" \\ d",
            "\n\r\t\u{8}\u{C}\u{0}\u{1F}",
            "ä 你好 🎨 \u{2028}\u{7F}", [], [1, [2, []], "3"], [:], ["b": 1, "a": ["z": .null, "\"": "<&>"]],
        ] as [JSONValue])
    func `a value is written so that the library reads the same`(value: JSONValue) throws {
        let written = JSONWriter.bytes(of: value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(written)) == value)
    }

    @Test func `members are separated, those that are not there are left out or null`() {
        struct Pair: JSONWritable {
            let first: String?
            let second: [Int?]

            func write(to json: inout JSONWriter) {
                json.object { json in
                    json.member("first", ifAny: first)
                    json.member("null", first)
                    json.member("second", second)
                }
            }
        }
        #expect(
            text([Pair(first: nil, second: []), Pair(first: "x", second: [1, nil])])
                == #"[{"null":null,"second":[]},{"first":"x","null":"x","second":[1,null]}]"#)
    }

    @Test func `control characters, marks of direction, quotes and backslashes are escaped, and nothing else`() {
        #expect(text("\"\\/\n\r\t\u{0}\u{1F}ä👩‍🚀你") == #""\"\\/\n\r\t\u0000\u001fä👩‍🚀你""#)
        #expect(text("\u{7F}\u{9B}\u{202E}\u{2028}\u{E0041}") == #""\u007f\u009b\u202e\u2028\udb40\udc41""#)
    }

    @Test func `names have nothing raw either`() {
        #expect(text(JSONValue.object(["a\u{9B}": "\u{9B}2J\u{202E}ä"])) == #"{"a\u009b":"\u009b2J\u202eä"}"#)
    }
}
