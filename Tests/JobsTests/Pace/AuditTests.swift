@testable import Jobs
import TestSupport
import Testing

/// What the ledger tells: for each rule a ledger that just keeps it and one that just breaks it.
@Suite struct AuditTests {
    /// A call in milliseconds, as short as it can be written.
    private static func call(
        _ id: Int64, _ kind: Call.Kind, job: UInt64 = 1, pollRound: Int = 1, _ start: Int64, _ end: Int64?,
        _ outcome: CallOutcome? = "queued"
    ) -> Call {
        Call(
            id: id, kind: kind, epoch: 1, job: .sample(job), pollRound: pollRound, startedAt: Timestamp(milliseconds: 1_000_000 + start),
            endedAt: end.map { Timestamp(milliseconds: 1_000_000 + $0) }, outcome: end == nil ? nil : outcome)
    }

    private static let accepted = CallOutcome.accepted
    private static let answeredList = CallOutcome.answered

    private func audit(_ calls: [Call], rules: PaceRules = PaceRules()) -> Audit {
        var audit = Audit(rules)
        for call in calls { audit.read(call) }
        return audit
    }

    /// So many attempts to send a job that are all lost, with a list that proves it and another submission between them.
    private static func lostAgainAndAgain(_ count: Int64, taken: CallOutcome = accepted) -> [Call] {
        (0..<count).flatMap { attempt -> [Call] in
            let (id, start) = (attempt * 3 + 1, attempt * 1_000_000)
            return [
                call(id, .submit, start, start + 100, "lost"),
                call(id + 1, .submit, job: UInt64(100 + attempt), start + 20_000, start + 20_100, taken),
                call(id + 2, .list, start + 60_000, start + 60_100, answeredList),
            ]
        }
    }

    struct Row: Sendable {
        let what: String
        let calls: [Call]
        /// The sentences that are expected.
        var broken: [String] = []
    }

    @Test(arguments: [
        Row(what: "submissions 10 s apart", calls: [call(1, .submit, 0, 900), call(2, .submit, job: 2, 10_900, 11_000)]),
        Row(
            what: "submissions less than 10 s apart", calls: [call(1, .submit, 0, 900), call(2, .submit, job: 2, 10_899, 11_000)],
            broken: ["Submission 2 began 9.999 s after the end of submission 1, 10 s are needed."]),
        Row(
            what: "submissions far enough from one another but not from a longer one before",
            calls: [call(1, .submit, 0, 40_000), call(2, .submit, job: 2, 20_000, 20_001), call(3, .submit, job: 3, 45_000, 45_001)],
            broken: [
                "Submission 2 began -20 s after the end of submission 1, 10 s are needed.",
                "Submission 3 began 5 s after the end of submission 1, 10 s are needed.",
            ]),
        Row(what: "a submission after one without an end", calls: [call(1, .submit, 0, nil), call(2, .submit, job: 2, 40_000, 40_001)]),
        Row(
            what: "a submission too early after one without an end",
            calls: [call(1, .submit, 0, nil), call(2, .submit, job: 2, 39_999, 40_001)],
            broken: [
                "Submission 2 began 39.999 s after the start of submission 1, whose end is unknown: "
                    + "30 s for the call and 10 s more are needed."
            ]),
        Row(
            what: "a third attempt after two that were lost while Krea took others",
            calls: lostAgainAndAgain(3)),
        Row(
            what: "a fourth attempt after three that were lost while Krea took others",
            calls: lostAgainAndAgain(4),
            broken: [
                "Submission 10 is of job \(JobID.sample(1)), which Krea had failed to take 3 times while it took others: it had to end."
            ]),
        Row(what: "any number of attempts while Krea takes nothing", calls: lostAgainAndAgain(6, taken: "lost")),
        Row(what: "polls of a job 5 s apart", calls: [call(1, .poll, 0, 200), call(2, .poll, 5_200, 5_300)]),
        Row(
            what: "polls of a job less than 5 s apart", calls: [call(1, .poll, 0, 200), call(2, .poll, 5_199, 5_300)],
            broken: ["Poll 2 of job \(JobID.sample(1)) began 4.999 s after the end of poll 1, 5 s are needed."]),
        Row(
            what: "polls of a job less than 5 s apart in two looks",
            calls: [call(1, .poll, 0, 0), call(2, .poll, pollRound: 2, 4_000, 4_100)],
            broken: ["Poll 2 of job \(JobID.sample(1)) began 4 s after the end of poll 1, 5 s are needed."]),
        Row(what: "polls of two jobs at once", calls: [call(1, .poll, 0, 200), call(2, .poll, job: 2, 100, 300)]),
        Row(what: "a poll after one without an end", calls: [call(1, .poll, 0, nil), call(2, .poll, 35_000, 35_001)]),
        Row(
            what: "a poll too early after one without an end", calls: [call(1, .poll, 0, nil), call(2, .poll, 34_999, 35_001)],
            broken: [
                "Poll 2 of job \(JobID.sample(1)) began 34.999 s after the start of poll 1, whose end is unknown: "
                    + "30 s for the call and 5 s more are needed."
            ]),
        Row(
            what: "a poll 60 s after its 429",
            calls: [call(1, .poll, 0, 200, .rateLimited), call(2, .poll, 60_200, 60_300)]),
        Row(
            what: "a poll less than 60 s after its 429",
            calls: [call(1, .poll, 0, 200, .rateLimited), call(2, .poll, 60_199, 60_300)],
            broken: ["Poll 2 of job \(JobID.sample(1)) began 59.999 s after the end of poll 1 (a 429), 60 s are needed."]),
        Row(
            what: "a call of each kind 30 s after a 429",
            calls: [
                call(1, .cancel, 0, 200, .rateLimited), call(2, .poll, job: 2, 30_200, 30_300),
                call(3, .submit, job: 3, 30_200, 30_300), call(4, .cancel, job: 4, 30_200, 30_300), call(5, .list, job: 5, 30_200, 30_300),
            ]),
        Row(
            what: "a call of each kind less than 30 s after a 429",
            calls: [
                call(1, .submit, 0, 200, .rateLimited), call(2, .poll, job: 2, 201, 300), call(3, .submit, job: 3, 30_199, 30_300),
                call(4, .cancel, job: 4, 30_199, 30_300), call(5, .list, job: 5, 30_199, 30_300),
            ],
            broken: [
                "Call 2 (poll) began 0.001 s after the 429 of call 1, 30 s of silence are needed.",
                "Call 3 (submit) began 29.999 s after the 429 of call 1, 30 s of silence are needed.",
                "Call 4 (cancel) began 29.999 s after the 429 of call 1, 30 s of silence are needed.",
                "Call 5 (list) began 29.999 s after the 429 of call 1, 30 s of silence are needed.",
            ]),
        Row(
            what: "calls that had begun before a 429 came, or in its millisecond",
            calls: [
                call(1, .list, 0, 5_000, .rateLimited), call(2, .poll, job: 2, 4_999, 6_000), call(3, .submit, job: 3, 5_000, 6_000),
            ]),
        Row(
            what: "a second 429 that came while the first silence lasted",
            calls: [
                call(1, .poll, 0, 200, .rateLimited), call(2, .poll, job: 2, 100, 20_000, .rateLimited),
                call(3, .poll, job: 3, 49_999, 50_100),
            ],
            broken: ["Call 3 (poll) began 29.999 s after the 429 of call 2, 30 s of silence are needed."]),
        Row(what: "lists 6 s apart", calls: [call(1, .list, 0, 200), call(2, .list, 6_200, 6_300)]),
        Row(
            what: "lists less than 6 s apart", calls: [call(1, .list, 0, 200), call(2, .list, 6_199, 6_300)],
            broken: ["List 2 began 5.999 s after the end of list 1, 6 s are needed."]),
        Row(
            what: "a job sent again that certainly had not arrived",
            calls: [
                call(1, .submit, 0, 100, .notSent), call(2, .submit, 20_000, 20_100, .rateLimited),
                call(3, .submit, 60_000, 60_100, accepted),
            ]),
        Row(
            what: "a job sent again that Krea had accepted",
            calls: [call(1, .submit, 0, 100, accepted), call(2, .submit, 20_000, 20_100, accepted)],
            broken: ["Submission 2 is of job \(JobID.sample(1)), which Krea had accepted with submission 1: it was paid for again."]),
        Row(
            what: "a job sent again after a list that proved its absence",
            calls: [
                call(1, .submit, 0, 100, .lost), call(2, .list, 30_100, 30_200, answeredList),
                call(3, .submit, 40_000, 40_100, accepted),
            ]),
        Row(
            what: "a job sent again after a list that came too early to prove anything",
            calls: [
                call(1, .submit, 0, 100, .lost), call(2, .list, 30_099, 30_200, answeredList),
                call(3, .submit, 40_000, 40_100, accepted),
            ],
            broken: [
                "Submission 3 is of job \(JobID.sample(1)), and no list of Krea's that was asked for 30 s after submission 1 "
                    + "had proved that the latter never arrived."
            ]),
        Row(
            what: "a job sent twice again without proof, the first time without success",
            calls: [
                call(1, .submit, 0, 100, .lost), call(2, .submit, 40_000, 40_100, .notSent),
                call(3, .submit, 60_000, 60_100, accepted),
            ],
            broken: [2, 3].map { id in
                "Submission \(id) is of job \(JobID.sample(1)), and no list of Krea's that was asked for 30 s after submission 1 "
                    + "had proved that the latter never arrived."
            }),
        Row(
            what: "a job sent again after an interruption and a list that brought nothing",
            calls: [
                call(1, .submit, 0, nil), call(2, .list, 30_100, 30_200, .noAnswer),
                call(3, .submit, 50_000, 50_100, accepted),
            ],
            broken: [
                "Submission 3 is of job \(JobID.sample(1)), and no list of Krea's that was asked for 30 s after submission 1 "
                    + "had proved that the latter never arrived."
            ]),
        Row(
            what: "a job sent again after a look of several pages that began in time",
            calls: [
                call(1, .submit, 0, 100, .lost), call(2, .list, 30_100, 30_200, .page),
                call(3, .list, 36_200, 36_300, answeredList), call(4, .submit, 40_100, 40_200, accepted),
            ]),
        Row(
            what: "a job sent again in the middle of a look that began in time",
            calls: [
                call(1, .submit, 0, 100, .lost), call(2, .list, 30_100, 30_200, .page),
                call(3, .submit, 34_000, 34_200, accepted), call(4, .list, 36_200, 36_300, answeredList),
            ]),
        Row(
            what: "a job sent again after a look whose first page was asked for too early",
            calls: [
                call(1, .submit, 0, 100, .lost), call(2, .list, 29_000, 29_100, .page),
                call(3, .list, 36_200, 36_300, answeredList), call(4, .submit, 40_100, 40_200, accepted),
            ],
            broken: [
                "Submission 4 is of job \(JobID.sample(1)), and no list of Krea's that was asked for 30 s after submission 1 "
                    + "had proved that the latter never arrived."
            ]),
        Row(
            what: "every distance across a clock that was put back an hour",
            calls: [
                call(1, .submit, 3_600_000, 3_600_100, .lost),
                call(2, .poll, job: 2, 3_600_000, 3_600_100, .rateLimited), call(3, .list, 3_600_050, 3_600_060),
                call(4, .poll, job: 2, 60_100, 60_200), call(5, .submit, 60_100, 60_200), call(6, .list, 60_100, 60_200),
            ]),
    ])
    func `the ledger tells what was kept and what was broken`(row: Row) {
        let audit = audit(row.calls)
        #expect(audit.broken == row.broken, "\(row.what)")
        #expect(audit.brokenCount == row.broken.count)
    }

    @Test func `the fortieth poll of a look is allowed, the next one only in another look`() {
        let polls = (0..<41).map { Self.call($0, .poll, $0 * 7_000, $0 * 7_000 + 100) }
        #expect(audit(Array(polls.prefix(40))).brokenCount == 0)
        #expect(audit(Array(polls.prefix(40)) + [Self.call(40, .poll, pollRound: 2, 280_000, 280_100)]).brokenCount == 0)
        let audit = audit(polls)
        #expect(audit.broken == ["Poll 40 of job \(JobID.sample(1)) is number 41 of its round; at most 40 are allowed."])
        #expect(audit.mostPolls == 41)
    }

    @Test func `a poll that did not reach Krea is none of the forty`() {
        let polls = (0..<41).map { Self.call($0, .poll, $0 * 7_000, $0 * 7_000 + 100, $0 == 5 ? .notSent : "processing") }
        #expect(audit(polls).brokenCount == 0)
        #expect(audit(polls).mostPolls == 40)
        #expect(audit(polls + [Self.call(41, .poll, 290_000, 290_100)]).brokenCount == 1)
    }

    @Test func `a clock that was put back is counted, and the pace after it is judged again`() {
        let audit = audit([
            Self.call(1, .submit, 3_600_000, 3_600_100), Self.call(2, .submit, job: 2, 0, 100), Self.call(3, .submit, job: 3, 5_000, 5_100),
        ])
        #expect(audit.clockSteps == 1)
        #expect(audit.broken == ["Submission 3 began 4.9 s after the end of submission 2, 10 s are needed."])
    }

    @Test func `calls that stand a little out of their order are no clock that was put back`() {
        let audit = audit([Self.call(1, .submit, 0, 100), Self.call(2, .submit, job: 2, -10_000, 100)])
        #expect(audit.clockSteps == 0)
        #expect(audit.brokenCount == 1)
    }

    @Test func `the result has the counts, the smallest gaps and the times`() {
        let audit = audit([
            Self.call(1, .submit, 0, 100), Self.call(2, .poll, 10_000, nil), Self.call(3, .submit, job: 2, 15_000, 15_100),
            Self.call(4, .submit, job: 3, 25_200, 25_300), Self.call(5, .poll, 46_000, 46_100), Self.call(6, .poll, 53_000, 53_100),
            Self.call(7, .poll, 61_000, 61_100, .rateLimited), Self.call(8, .cancel, 100_000, 100_100),
        ])
        #expect(audit.counts == [.submit: 3, .poll: 4, .cancel: 1])
        #expect(audit.callCount == 8)
        #expect(audit.smallestSubmitGap == .milliseconds(10_100))
        #expect(audit.smallestPollGap == .milliseconds(6_900))
        #expect(audit.mostPolls == 4)
        #expect(audit.rateLimited == 1)
        #expect(audit.withoutEnd == 1)
        #expect(audit.firstStart == Timestamp(milliseconds: 1_000_000))
        #expect(audit.latestStart == Timestamp(milliseconds: 1_100_000))
        #expect(audit.brokenCount == 0)
    }

    @Test func `of many broken rules the first hundred are told, and all are counted`() {
        let audit = audit((0..<300).map { Self.call($0, .submit, job: UInt64($0), $0, $0) })
        #expect(audit.brokenCount == 299)
        #expect(audit.broken.count == 100)
    }

    @Test func `an empty ledger breaks nothing`() {
        let audit = audit([])
        #expect(audit.callCount == 0)
        #expect(audit.brokenCount == 0)
        #expect(audit.smallestSubmitGap == nil)
    }

    @Test(arguments: [
        (Duration.seconds(10), "10 s"), (.milliseconds(9_500), "9.5 s"), (.milliseconds(-1), "-0.001 s"), (.milliseconds(1_020), "1.02 s"),
        (.zero, "0 s"),
    ])
    func `a duration is told to the millisecond`(duration: Duration, text: String) {
        #expect(duration.secondsText == text)
    }
}
