import Jobs
import TestSupport
import Testing

@testable import krea_fcgi

/// What the operator sees of a job.
@Suite struct JobTableTests {
    private let now = Timestamp(milliseconds: 1_772_366_400_000)

    @Test func `a job is one line with everything but the prompt`() throws {
        var job = try Job.sample(prompt: "a secret lighthouse", members: ["model": "flux"], at: now - .seconds(7200))
        job[1].kreaID = "krea-1"
        job[1].state = .running
        job[1].polls = 12
        job[1].failedAttempts = 2
        let lines = JobTable([job], now: now).lines
        #expect(lines.count == 2)
        #expect(
            lines[0] == "CREATED                   ID                                    "
                + "STATE    MODEL  CLIENT             POLLS  LOST  KREA ID  AGE")
        #expect(lines[1] == "2026-03-01T10:00:00.000Z  \(job.id)  running  flux   address:192.0.2.1  12     2     krea-1   2h")
    }

    @Test func `a job that Krea has not heard of has a dash for Krea's ID`() throws {
        let lines = JobTable([try .sample(at: now)], now: now).lines
        #expect(lines[1].hasSuffix("  0      0     -        0s"))
    }

    @Test func `results on hosts that are not allowed stand below, whole, and cannot steer the terminal`() throws {
        var job = try Job.sample(at: now)
        job[1].foreignURLs = ["https://cdn.example/1.png?key=a", "https://cdn.example/\u{1B}[2J"]
        let lines = JobTable([job, try .sample(2, at: now)], now: now).lines
        #expect(
            lines.dropFirst(3) == [
                "Not shown, because their hosts are not in KREA_FCGI_RESULT_HOSTS:", "  \(job.id)  https://cdn.example/1.png?key=a",
                #"  \#(job.id)  https://cdn.example/\u{1b}[2J"#,
            ])
    }

    @Test func `names from outside cannot steer the terminal`() throws {
        let client = Client(key: "user:\u{1B}[2Jeve\n\u{202E}")
        let line = JobTable([try .sample(client: client, at: now)], now: now).lines[1]
        #expect(line.contains(#"  user:\u{1b}[2Jeve\n\u{202e}  "#))
        #expect(line.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 })
    }

    @Test(arguments: [
        (59, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"), (86_399, "23h"), (86_400, "1d"), (-5, "0s"),
    ])
    func `the age is told in its largest unit`(seconds: Int, text: String) throws {
        #expect(JobTable([try .sample(at: now - .seconds(seconds))], now: now).lines[1].hasSuffix("  \(text)"))
    }
}
