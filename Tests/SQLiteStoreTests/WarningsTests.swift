import Jobs
import Testing

@testable import SQLiteStore

/// Tests that warnings come back as they were kept.
@Suite struct WarningsTests {
    @Test(arguments: [
        Warning.replaced(model: "Seedream 3", by: "Seedream 4"), .longerQueue, .notTaken(.steps, by: "Imagen 4 Fast"),
        .notAllowed(.width, value: "9000"), .onlyFirst(.imageURLs, of: 2), .sizeForRatio("16:9", width: 1360, height: 768),
        .strangeAddresses(1, of: 2), .missing(1, of: 4, JobFailure(.contentRefused, detail: "words", because: .nsfw)),
        .notAllowed(.resolution, value: "\"quoted\""),
    ])
    func `a warning comes back as it was kept`(warning: Warning) throws {
        #expect(try JSONColumn.decodeList(JSONColumn.encodeList([warning])) == [warning])
    }
}
