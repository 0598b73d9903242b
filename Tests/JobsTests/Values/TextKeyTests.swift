@testable import Jobs
import Testing

/// Texts that decide are compared by their bytes.
@Suite struct TextKeyTests {
    private static let pairs = [("é", "e\u{301}"), ("K", "\u{212A}"), (";", "\u{37E}"), ("각", "\u{1100}\u{1161}\u{11A8}")]

    @Test(arguments: pairs)
    func `two texts that Swift takes for one are two keys`(one: String, other: String) {
        #expect(one == other)
        #expect(TextKey(one) != TextKey(other))
        #expect(TextKey(one) == TextKey(String(one.unicodeScalars.map(Character.init))))
        #expect(Set([TextKey(one), TextKey(other)]).count == 2)
        #expect(!["x", one].containsBytes(of: other))
    }

    @Test(arguments: pairs)
    func `two users, keys' names, values and requests that only look alike are two`(one: String, other: String) throws {
        let (jose, joseToo) = (Client(user: one, address: nil), Client(user: other, address: nil))
        #expect(jose != joseToo)
        #expect(Set([jose, joseToo]).count == 2)
        #expect(!jose.jobsAreOpen(to: joseToo))
        #expect(jose.jobsAreOpen(to: jose))
        #expect(Client(keyName: one) != Client(keyName: other))
        #expect(JSONValue.string(one) != .string(other))
        #expect(JSONValue.array([.string(one)]) != [.string(other)])
        #expect(JSONValue.object([one: 1]) != .object([other: 1]))
        #expect(JSONValue.object([one: 1]) == .object([one: 1]))
        let requests = try [one, other].map { try GenerationRequest.validate(["prompt": .string($0)]).request }
        #expect(requests[0] != requests[1])
        let styles = try [one, other].map { id in
            try GenerationRequest.validate(["prompt": "x", "styles": [["id": .string(id), "strength": 1]]], by: .builtIn).request
        }
        #expect(styles.allSatisfy { $0.values.isEmpty } || styles[0] != styles[1])
    }
}
