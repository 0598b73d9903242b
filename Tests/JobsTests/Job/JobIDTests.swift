import Foundation
import Testing

@testable import Jobs

@Suite struct JobIDTests {
    @Test func `random IDs are version 4 and differ`() {
        var generator = SystemRandomNumberGenerator()
        let ids = (0..<100).map { _ in JobID.random(using: &generator) }
        #expect(Set(ids).count == 100)
        for id in ids {
            #expect(id.description.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        }
    }

    @Test func `the ID of a hash is its first 16 bytes, as version 8`() {
        let hash = (0..<32).map { UInt8($0) * 8 }
        #expect(JobID(hash: hash).description == "00081018-2028-8038-8048-505860687078")
        #expect(JobID(hash: Array(repeating: 255, count: 32)).description == "ffffffff-ffff-8fff-bfff-ffffffffffff")
        #expect(JobID(JobID(hash: hash).description) == JobID(hash: hash))
    }

    @Test func `either case is read, the same ID comes out`() {
        #expect(JobID("ABCDEF01-2345-4678-89AB-CDEF01234567")?.description == "abcdef01-2345-4678-89ab-cdef01234567")
    }

    @Test(arguments: [
        "", "abcdef01-2345-4678-89ab-cdef0123456", "abcdef01-2345-4678-89ab-cdef0123456g", "abcdef0102345-4678-89ab-cdef01234567",
    ])
    func `other texts are no ID`(text: String) {
        #expect(JobID(text) == nil)
    }
}
