import Jobs
import TestSupport
import Testing

@testable import Web

/// Escaping.
@Suite struct EscapingTests {
    private static let nasty = #"<script>alert('1')</script> & "quotes" </textarea>"#
    private static let escaped =
        "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;quotes&quot; &lt;/textarea&gt;"

    @Test func `text that is put into HTML is escaped, HTML is not`() {
        let text = "<\"'&>"
        let inner: HTML = "<b>\(text)</b>"
        let none: HTML? = nil
        let page: HTML = "<p title=\"\(text)\">\(inner)\(none)\([inner, "<i>"])\(7)</p>"
        let escaped = "&lt;&quot;&#39;&amp;&gt;"
        #expect(page.source == "<p title=\"\(escaped)\"><b>\(escaped)</b><b>\(escaped)</b>\n<i>7</p>")
    }

    @Test func `what was typed into any field of the form comes back escaped`() throws {
        let encoded = Self.nasty.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        for name in ["prompt", "width", "aspect_ratio", "image_urls", "batch_size", "steps", "model", encoded] {
            let answer = try WebFixture().postForm("height=1&\(name)=\(encoded)")
            #expect(answer.status == 422)
            #expect(answer.text.components(of: "<script") == 1)
            #expect(answer.text.components(of: "</textarea>") == 2)
            if name != "model" && name != encoded { #expect(answer.text.contains(Self.escaped)) }
        }
    }

    @Test func `a prompt, Krea's words, addresses and warnings are escaped on the page of a job, in every state`() throws {
        let fixture = WebFixture()
        let submitted = try JobDriver(fixture, prompt: Self.nasty)
        let check = { (id: JobID) throws in
            let text = try fixture.get("/jobs/\(id)").text
            #expect(text.contains(Self.escaped))
            #expect(text.components(of: "<script") == 1)
        }
        try check(submitted.id)
        try submitted.submit()
        // No more than 40 characters of a status are kept.
        try submitted.poll(KreaJob(id: "k", status: String(Self.nasty.prefix(38))))
        let status = Self.escaped.replacing(" &lt;/textarea&gt;", with: "")
        #expect(try fixture.get("/jobs/\(submitted.id)").text.contains("Krea is working on it: \(status)."))
        try submitted.poll(
            KreaJob(
                id: "k", status: "completed", urls: ["https://krea.ai/\(Self.nasty)"],
                warnings: [.notAllowed(.resolution, value: Self.nasty)]))
        try check(submitted.id)
        let completed = try fixture.get("/jobs/\(submitted.id)").text
        #expect(completed.contains("<img src=\"https://krea.ai/\(Self.escaped)\" alt=\"\(Self.escaped)\""))
        #expect(completed.contains("<p class=\"note\">resolution was left out: \(Self.escaped) is not allowed.</p>"))

        let failed = try JobDriver(fixture, prompt: Self.nasty)
        try failed.submit()
        try failed.poll(KreaJob(id: "k", status: "failed", failure: JobFailure(.generationFailed, detail: Self.nasty)))
        try check(failed.id)
        #expect(try fixture.get("/jobs/\(failed.id)").text.contains("<blockquote dir=\"auto\">\(Self.escaped)</blockquote>"))
    }

    @Test func `a path that is not there is not repeated`() throws {
        #expect(!(try WebFixture().get("/%3Cmarquee%3E").text.contains("marquee")))
    }

    @Test func `a mount point with markup in it stays inside its links`() throws {
        let answer = try WebFixture().get("/%22%3Cb%3E/", mount: "/\"<b>")
        #expect(answer.text.contains("action=\"/%22%3Cb%3E/\""))
    }
}

extension String {
    fileprivate func components(of separator: String) -> Int { ranges(of: separator).count }
}
