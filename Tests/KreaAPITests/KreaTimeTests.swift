import Jobs
import Testing

@testable import KreaAPI

/// The forms in which Krea might write a time.
@Suite struct KreaTimeTests {
    private let moment = Timestamp(milliseconds: 1_795_882_200_000)

    @Test(
        arguments: [
            ("2026-11-28T16:10:00.000Z", 0), ("2026-11-28T16:10:00Z", 0), ("2026-11-28T16:10:00.123Z", 123),
            ("2026-11-28T16:10:00.123999Z", 123), ("2026-11-28T16:10:00.1Z", 100), ("2026-11-28T16:10:00,5Z", 500),
            ("2026-11-28 16:10:00", 0), ("2026-11-28 16:10:00.250", 250), ("2026-11-28T16:10:00", 0), ("2026-11-28 16:10:00 UTC", 0),
            ("2026-11-28 16:10:00+00", 0), ("2026-11-28T17:10:00+01:00", 0), ("2026-11-28T17:10:00+0100", 0),
            ("2026-11-28T10:40:00-05:30", 0), ("2026-11-28T16:10:00+00:00", 0), ("2026-11-28t16:10:00z", 0), ("2026-11-28T16:09:60Z", 0),
            ("Sat, 28 Nov 2026 16:10:00 GMT", 0), ("1795882200", 0), ("1795882200.25", 250), ("1795882200250", 250),
        ] as [(String, Int)])
    func `a time is read in each form`(text: String, milliseconds: Int) {
        #expect(Timestamp(krea: .string(text)) == moment + .milliseconds(milliseconds))
    }

    @Test(arguments: [(1_795_882_200, 0), (1_795_882_200.25, 250), (1_795_882_200_250, 250)] as [(Double, Int)])
    func `seconds and milliseconds since 1970 are told apart`(number: Double, milliseconds: Int) {
        #expect(Timestamp(krea: .number(number)) == moment + .milliseconds(milliseconds))
    }

    @Test(
        arguments: [
            .null, .bool(true), .array([]), .object([:]), nil, "", "yesterday", "2026-11-28", "2026-11-28T16:10", "2026-11-28T16:10:00+1",
            "2026-13-28T16:10:00Z", "2026-02-30T16:10:00Z", "2026-11-28T24:10:00Z", "2026-11-28T16:10:00.Z", "2026-11-28T16:10:00Z!",
            "1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "99999-11-28T16:10:00Z", "٢٠٢٦-11-28T16:10:00Z",
            "Sat Nov 28", 0, 1, -1_795_882_200, 1e18, 1e300, -1e300, "nan", "inf", "1e400", "9223372036854775807",
            .string(String(repeating: "1", count: 900_000)),
        ] as [JSONValue?])
    func `what is no time for certain is none`(value: JSONValue?) {
        #expect(Timestamp(krea: value) == nil)
    }

    @Test(arguments: [
        ("2000-02-29T00:00:00Z", 951_782_400), ("2024-02-29T12:00:00Z", 1_709_208_000), ("2099-12-31T23:59:59Z", 4_102_444_799),
        ("2000-01-01T00:00:00Z", 946_684_800), ("2027-03-01T00:00:00Z", 1_803_859_200),
    ])
    func `days are counted as the calendar has them`(text: String, seconds: Int64) {
        #expect(Timestamp(krea: .string(text)) == Timestamp(milliseconds: seconds * 1000))
    }
}
