import Jobs
import Logging

extension Dependencies {
    /// Tells the operator of pictures that Krea has put on hosts from which none are shown: of those of a submission that were not there
    /// before. The queries of their addresses stay out of the log: they may be as good as a password.
    func warnOfForeignResults(in job: Job, part: Int, before: Job? = nil) {
        let addresses = job[part].foreignURLs
        guard !addresses.isEmpty, addresses != before?[part].foreignURLs else { return }
        logger.warning(
            "A result is on a host that is not allowed",
            metadata: [
                "job": "\(job.id)", "part": "\(part)", "addresses": "\(addresses.map(Self.withoutQuery).joined(separator: " "))",
                "setting": "KREA_FCGI_RESULT_HOSTS",
            ])
    }

    private static func withoutQuery(_ address: String) -> String {
        String(address.prefix { $0 != "?" && $0 != "#" }.prefix(200))
    }
}
