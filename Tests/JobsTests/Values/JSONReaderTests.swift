import Foundation
import Jobs
import TestSupport
import Testing

/// RFC 8259, and nothing that only looks like it.
@Suite struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue {
        try JSONReader.value(of: Array(text.utf8), maximumDepth: 4)
    }

    private func fault(_ text: String) -> JSONReader.Fault? {
        #expect(throws: JSONReader.Fault.self, "\(text)") { try read(text) }
    }

    @Test(
        arguments: [
            ("null", .null), (" true\t", .bool(true)), ("\r\nfalse\n", .bool(false)), ("0", 0), ("-0", 0), ("-12.50e+1", -125),
            ("1E2", 100),
            ("1e-400", 0), ("\"\"", ""), ("[]", []), ("{}", [:]), ("[1, [2 ,[3]]]", [1, [2, [3]]]), ("\u{FEFF}1", 1),
            (#"{"a": {"a": 1}, "b": [{"a": 2}, {"a": 3}]}"#, ["a": ["a": 1], "b": [["a": 2], ["a": 3]]]),
            (#""\" \\ \/ \b \f \n \r \t \u00e9 \u00E9 \ud83d\ude00 é 😀 \u0000""#, "\" \\ / \u{8} \u{C} \n \r \t é é 😀 é 😀 \0"),
        ] as [(String, JSONValue)])
    func `a value is read`(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test(arguments: [
        "", " ", "[1,]", "[,1]", "[1 2]", "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\" 1}", "{a:1}", "{1:1}", "{'a':1}", "[1", "{\"a\":1", "]",
        "1 2", "tru",
        "True", "nul", "NaN", "Infinity", "-Infinity", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "-", "0x10", "1_000", "\"", "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "\"a\tb\"", "\"\u{1}\"", "[1]//",
        "/**/1", "\u{A0}1", "1\0",
        "\u{FEFF}\u{FEFF}1", "\"\\u٠٠٤١\"",
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(fault(text) == .invalid)
    }

    @Test(arguments: [
        (#"{"a": 1, "b": 2, "a": 1}"#, ["a"]), (#"{"a": {"b": 1, "b": null}}"#, ["a", "b"]),
        (#"{"a": [0, {"b": 1, "\u0062": 2}]}"#, ["a", "1", "b"]),
        (#"{"é": 1, "\u00e9": 2}"#, ["é"]), ("{\"a\\u0000\": 1, \"a\\u0000\": 2}", ["a\\u{0}"]),
        (
            "{\"\(String(repeating: "x", count: 500))\": 1, \"\(String(repeating: "x", count: 500))\": 2}",
            [String(repeating: "x", count: 40)]
        ),
    ])
    func `a member that is given twice is named, at every depth`(text: String, path: [String]) {
        #expect(fault(text) == .repeated(path: path))
    }

    @Test(arguments: [("1e400", []), ("[0, -1e999]", ["1"]), (#"{"a": {"b": 1e400}}"#, ["a", "b"])])
    func `a number beyond all numbers is named`(text: String, path: [String]) {
        #expect(fault(text) == .outOfRange(path: path))
        #expect(fault("1\(String(repeating: "0", count: 400))") == .outOfRange(path: []))
    }

    @Test func `nothing is nested deeper than is allowed`() throws {
        #expect(try read("[[[[1]]]]") == [[[[1]]]])
        #expect(fault("[[[[[1]]]]]") == .tooDeep)
        #expect(fault(String(repeating: "[", count: 1 << 20)) == .tooDeep)
        #expect(fault(String(repeating: "{\"a\":", count: 1 << 18)) == .tooDeep)
    }

    @Test(arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0xFF, 0xFE, 0x31, 0x00], [0x1F, 0x8B, 0x08]] as [[UInt8]])
    func `bytes that are no UTF-8 are refused`(bytes: [UInt8]) {
        #expect(throws: JSONReader.Fault.notUTF8) { try JSONReader.value(of: bytes, maximumDepth: 4) }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `whatever is made by chance, what is taken means the same to Foundation`(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        let pieces = ["[", "]", "{", "}", ",", ":", "\"a\"", "\"b\"", "\"\\u00e9\"", "1", "-0.5e1", "true", "null", " "]
        var taken = 0
        for _ in 1...20_000 {
            let text = (0..<Int.random(in: 1...9, using: &dice)).map { _ in pieces.randomElement(using: &dice)! }.joined()
            guard let value = try? read(text) else { continue }
            taken += 1
            #expect(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) == value, "\(text)")
        }
        #expect(taken > 500)
    }
}
