import Jobs
import Testing
import Web

/// The sentences about failures that depend on more than their code.
@Suite struct JobFailureTests {
    @Test(
        arguments: [
            (nil, "Krea refused the content — change the prompt or the images"),
            (.nsfw, "Krea refused the content: not safe for work (nsfw) — change the prompt or the images"),
            (
                .ipDetected,
                "Krea refused the content: a protected work, brand or character (ip_detected) — change the prompt or the images"
            ),
            (.violence, "Krea refused the content: a violent scene (violence) — change the prompt or the images"),
            (.personalInfo, "Krea refused the content: personal information (personal_info) — change the prompt or the images"),
        ] as [(ContentRefusal?, String)])
    func `a refusal of the content says for what`(reason: ContentRefusal?, message: String) {
        #expect(JobFailure(.contentRefused, because: reason).message == message)
    }
}
