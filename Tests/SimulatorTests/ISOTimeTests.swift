import Testing

@testable import krea_simulator

@Suite("Written times")
struct ISOTimeTests {
    @Test("A time that is written and read again is the same millisecond")
    func roundTrip() {
        for milliseconds in (1_800_000_000_000 as Int64)..<1_800_000_002_000 {
            #expect(ISOTime.milliseconds(ISOTime.text(milliseconds)) == milliseconds)
        }
    }

    @Test("A time without a fraction is read as well, anything else is not")
    func reading() {
        #expect(ISOTime.milliseconds("2027-01-15T08:00:00Z") == 1_800_000_000_000)
        #expect(ISOTime.milliseconds("yesterday") == nil)
    }
}
