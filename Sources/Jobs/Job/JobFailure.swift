/// Why a job has no pictures: a code for programs, a summary with a suggestion for people, and Krea's own words.
public struct JobFailure: Hashable, Sendable, Codable {
    /// What programs tell failures apart by. The raw values are part of the JSON API.
    public enum Code: String, Sendable, Codable, CaseIterable {
        /// Forty polls without an end.
        case timedOut = "timed_out"
        /// Krea says that the account has no credit left, or that the plan does not include the model.
        case outOfCompute = "out_of_compute"
        /// Krea did not take the request as it was.
        case refused
        /// Krea refused it for what is in it.
        case contentRefused = "content_refused"
        /// Krea does not accept our token.
        case unauthorised = "unauthorized"
        /// Krea, or what stands in front of it, does not let us in.
        case forbidden
        /// Krea no longer has this model, or never had it.
        case modelUnavailable = "model_unavailable"
        /// The answer to the paid call was lost and nobody can tell whether Krea has the job.
        case submissionUnconfirmed = "submission_unconfirmed"
        /// The answer to the paid call was lost, and Krea's list does not tell, however often it is asked for.
        case submissionUndecidable = "submission_undecidable"
        /// The answer to the paid call was lost and Krea's list does not tell, so that what was wanted no more could not be cancelled.
        case cancellationUnconfirmed = "cancellation_unconfirmed"
        /// The store was restored from a backup in which it was not known to be sent.
        case restored = "restored_from_backup"
        /// Krea failed at every attempt to send it, though it took others meanwhile.
        case notTaken = "not_taken"
        /// It costs more than may be spent in a day.
        case tooExpensive = "too_expensive"
        /// Krea tried and failed.
        case generationFailed = "generation_failed"
        /// Krea says that it finished, but there is no picture.
        case noImage = "no_image"
        /// Krea finished, but the picture is on a host from which none is shown.
        case foreignHost = "foreign_host"
        /// Krea took the job and later did not know it any more.
        case lostAtKrea = "lost_at_krea"
        /// Cancelled at Krea.
        case cancelled
        /// Cancelled before Krea had heard of it.
        case cancelledBefore = "cancelled_before_start"

        /// The codes with which it is not known whether Krea has the job, and is paid for it.
        public static let withOpenPayment: Set<Code> = [
            .submissionUnconfirmed, .submissionUndecidable, .cancellationUnconfirmed, .restored,
        ]

        /// Whether Krea may still have the picture, which is paid, so that it makes sense to ask again.
        var mayStillBring: Bool {
            switch self {
            case .timedOut, .noImage, .foreignHost, .lostAtKrea: true
            case .outOfCompute, .refused, .contentRefused, .unauthorised, .forbidden, .modelUnavailable, .submissionUnconfirmed,
                .submissionUndecidable, .cancellationUnconfirmed, .restored, .notTaken, .tooExpensive, .generationFailed, .cancelled,
                .cancelledBefore:
                false
            }
        }
    }

    /// What programs tell failures apart by.
    public let code: Code
    /// Krea's own words, where it gave any.
    public let detail: String?
    /// What Krea has against the content, where it refused that and said why.
    public let refusal: ContentRefusal?

    /// A failure of this kind, with Krea's own words if there are any.
    public init(_ code: Code, detail: String? = nil, because refusal: ContentRefusal? = nil) {
        self.code = code
        self.detail = detail
        self.refusal = refusal
    }

    /// A summary and a suggestion, in the words of the brief where the brief has them.
    public var message: String {
        switch code {
        case .timedOut: "Job timed out — complex prompts take longer, try simpler or check quota."
        case .outOfCompute: "Out of compute — upgrade plan"
        case .refused: "Krea refused the request — change it and send it again"
        case .contentRefused:
            "Krea refused the content\(refusal.map { ": \($0.words) (\($0.rawValue))" } ?? "") — change the prompt or the images"
        case .unauthorised: "Krea refused the API token — the operator must check KREA_API_TOKEN"
        case .forbidden: "Krea refused access — the operator must check the account"
        case .modelUnavailable: "Krea no longer offers this model — choose another"
        case .submissionUnconfirmed:
            "Krea's answer was lost, and it is not clear which of its jobs is this one — nothing was sent again; "
                + "the picture may still appear in the Krea account"
        case .submissionUndecidable:
            "Krea's answer was lost, and its list of jobs does not show whether it has this one — nothing was sent again; "
                + "the picture may still appear in the Krea account"
        case .cancellationUnconfirmed:
            "It could not be cancelled: Krea's answer was lost, and its list of jobs does not show which job is this one — "
                + "nothing was sent again; the picture may still appear in the Krea account"
        case .restored:
            "The service was restored from a backup that does not show whether this job was sent — nothing was sent again; "
                + "send it again if you still want the picture"
        case .notTaken:
            "Krea failed \(Submission.mostStrikes) times to take this job while it took others; nothing was made or charged — "
                + "change it, or send it again later"
        case .tooExpensive: "It costs more than the daily spending limit — choose another model or ask for less"
        case .generationFailed: "Krea could not make the picture — try again or change the prompt"
        case .noImage: "Krea finished without a picture — often the content was refused; change the prompt"
        case .foreignHost:
            "Krea finished, but the picture is on a host that is not allowed here — ask the operator to allow it, then check again"
        case .lostAtKrea: "Krea no longer knows this job — send it again"
        case .cancelled: "Cancelled at Krea — send it again if you still want it"
        case .cancelledBefore: "Cancelled before it was sent — nothing was charged"
        }
    }
}

/// What people read while Krea has asked us to be silent.
public let rateLimitedMessage = "Rate limited — wait 1 min"

/// What is said, word for word, wherever the token for Krea is missed.
public let tokenMissingMessage = "Krea API token not configured — set KREA_API_TOKEN env."
