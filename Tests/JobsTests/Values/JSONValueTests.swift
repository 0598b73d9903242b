import Foundation
import Testing

@testable import Jobs

@Suite struct JSONValueTests {
    @Test(arguments: [#"{"a":[1,2.5,"x",null,true]}"#, "[]", "\"é\"", "1024"])
    func `what is read is written again`(text: String) throws {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        #expect(String(decoding: try JSONEncoder().encode(value), as: UTF8.self) == text)
    }
}
