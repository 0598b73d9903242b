import Testing

@testable import krea_simulator

/// Written times.
@Suite struct ISOTimeTests {
    @Test func `a time that is written and read again is the same millisecond`() {
        for milliseconds in (1_800_000_000_000 as Int64)..<1_800_000_002_000 {
            #expect(ISOTime.milliseconds(ISOTime.text(milliseconds)) == milliseconds)
        }
    }

    @Test func `a time without a fraction is read as well, anything else is not`() {
        #expect(ISOTime.milliseconds("2027-01-15T08:00:00Z") == 1_800_000_000_000)
        #expect(ISOTime.milliseconds("yesterday") == nil)
    }
}
