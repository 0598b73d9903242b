import Digests
import Testing

@testable import krea_fcgi

/// The lines of the file of the keys.
@Suite struct KeyListTests {
    private func hash(_ key: String) -> String {
        SHA256.hash(key.utf8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test func `the hash is what sha256sum writes`() throws {
        let line = "ann:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
        #expect(try KeyList(line).name(of: "secret") == "ann")
    }

    @Test func `each key has its name, blank lines, comments and white space do not count`() throws {
        let keys = try KeyList("# who\r\n\r\n  ann:\(hash("a")) \r\n\t# ben:x\nben@example.org:\(hash("b").uppercased())\nann:\(hash("c"))")
        #expect(keys.name(of: "a") == "ann")
        #expect(keys.name(of: "b") == "ben@example.org")
        #expect(keys.name(of: "c") == "ann")
        for other in ["", "A", "a ", "d", hash("a"), "ann"] { #expect(keys.name(of: other) == nil) }
        #expect(try KeyList("").name(of: "") == nil)
    }

    @Test(arguments: [
        "ann", "ann:", ":HASH", "ann:HASH0", "ann:xHASH", "ann: HASH", "ann:HASH # hers", "a b:HASH", "a:b:HASH", "é:HASH", "HASH",
    ])
    func `a line that is anything else is named by its number only`(line: String) throws {
        let line = line.replacing("HASH", with: hash("a"))
        let error = try #require(throws: InvalidKeyLine.self) { try KeyList("# one\nben:\(hash("b"))\n\(line)\n") }
        #expect(error.number == 3)
        #expect(!"\(error)".contains(hash("a")))
    }

    @Test func `the key that is nothing is refused, in the file and when it is shown`() throws {
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(hash("") == nothing)
        for line in ["ann:\(nothing)", "  ann:\(nothing.uppercased())  "] {
            let error = #expect(throws: InvalidKeyLine.self) { try KeyList("ben:\(hash("b"))\n\(line)") }
            #expect(error == InvalidKeyLine(number: 2, problem: "has the SHA-256 of nothing: what should have made the key has failed"))
        }
        #expect(try KeyList("ben:\(hash("b"))").name(of: "") == nil)
    }

    @Test func `one key cannot have two names`() {
        #expect(throws: InvalidKeyLine(number: 2, problem: "has a key that stands above")) {
            try KeyList("ann:\(hash("a"))\nben:\(hash("a").uppercased())")
        }
    }
}
