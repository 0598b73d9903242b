import FoundationEssentials
import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Texts of people run in their own direction, and leave what stands beside them alone.
@Suite struct DirectionTests {
    private static let hebrew = "מגדלור בשקיעה"
    private let fixture = WebFixture()

    @Test func `a page of a job isolates the prompt wherever it stands`() throws {
        let driver = try JobDriver(fixture, prompt: Self.hebrew)
        let waiting = try fixture.get("/jobs/\(driver.id)").text
        #expect(waiting.contains("<p class=\"asked\" dir=\"auto\">\(Self.hebrew)</p>"))
        #expect(waiting.contains("<dd dir=\"auto\">\(Self.hebrew)</dd>"))
        try driver.submit()
        try driver.poll(KreaJob(id: "k", status: "עובד"))
        #expect(try fixture.get("/jobs/\(driver.id)").text.contains("Krea is working on it: <bdi>עובד</bdi>."))
        try driver.poll(
            KreaJob(id: "k", status: "completed", urls: ["https://krea.ai/a.png"], warnings: [.notAllowed(.resolution, value: "אזהרה")]))
        let page = try fixture.get("/jobs/\(driver.id)").text
        #expect(page.contains("<p class=\"result\">Generated with Nano Banana 2: <bdi>\(Self.hebrew)</bdi></p>"))
        #expect(page.contains("alt=\"\(Self.hebrew)\" dir=\"auto\">"))
        #expect(page.contains("<p class=\"note\">resolution was left out: <bdi>אזהרה</bdi> is not allowed.</p>"))
        let chinese = try fixture.get("/jobs/\(driver.id)", [.acceptLanguage: "zh"]).text
        #expect(chinese.contains("生成：<bdi>\(Self.hebrew)</bdi></p>"))
        // Programs read the words alone.
        #expect(try fixture.get("/api/jobs/\(driver.id)").json["message"] == .string("Generated with Nano Banana 2: \(Self.hebrew)"))
    }

    @Test func `Krea's own words about a failure and the operator's about a pause are isolated`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        try driver.poll(KreaJob(id: "k", status: "failed", failure: JobFailure(.generationFailed, detail: Self.hebrew)))
        #expect(try fixture.get("/jobs/\(driver.id)").text.contains("<blockquote dir=\"auto\">\(Self.hebrew)</blockquote>"))
        let waiting = try JobDriver(fixture)
        try fixture.store.pause(because: Self.hebrew)
        #expect(try fixture.get("/jobs/\(waiting.id)").text.contains("The operator has paused the queue: <bdi>\(Self.hebrew)</bdi>"))
    }

    @Test func `the fields of the form follow what is typed, and its problems isolate what was typed`() throws {
        let page = try fixture.postForm(
            "prompt=x&aspect_ratio=\(Self.hebrew.replacing(" ", with: "+"))&image_urls=z&\(Self.hebrew.prefix(4))=1"
        ).text
        #expect(page.contains("id=\"prompt\" name=\"prompt\" rows=\"4\" required dir=\"auto\""))
        #expect(page.ranges(of: "<textarea").count == page.ranges(of: /<textarea[^>]* dir="auto"/).count)
        #expect(page.ranges(of: /<input id=/).count == page.ranges(of: /<input id=[^>]* dir="auto"/).count)
        #expect(page.contains("aspect_ratio <bdi>&quot;\(Self.hebrew)&quot;</bdi> must be a ratio like 16:9."))
        #expect(page.contains("<li><bdi>\(Self.hebrew.prefix(4))</bdi> is not a member of a request"))
    }

    @Test func `a card and the name of its link isolate the prompt, the latter with characters`() throws {
        let driver = try JobDriver(fixture, prompt: Self.hebrew)
        let page = try fixture.get("/mine?ids=\(driver.id)").text
        #expect(page.contains("aria-label=\"Open: \u{2068}\(Self.hebrew)\u{2069}, In the queue\""))
        #expect(page.contains("<p dir=\"auto\">\(Self.hebrew)</p>"))
    }

    @Test func `the marks of an isolation never come from the words`() {
        let sentence = "a \(Isolation.marked("ש\u{3}c\u{2}<")) d \(Isolation.marked("\u{2}e")) \(Isolation.marked(""))f"
        #expect(HTML(isolating: sentence).source == "a <bdi>שc&lt;</bdi> d e f")
        #expect(Isolation.plain(sentence) == "a \u{2068}שc<\u{2069} d e f")
    }

    @Test func `a prompt that an earlier version took is cut by its bytes, in lists and on its page`() throws {
        let accents = "a" + String(repeating: "\u{301}", count: 400_000)
        let text = "{\"model\": \"flux\", \"prompt\": \"\(accents)\", \"values\": {}}"
        let old = try JSONDecoder().decode(GenerationRequest.self, from: Data(text.utf8))
        #expect(old.prompt.utf8.count > 800_000)
        #expect(old.summary.utf8.count < 700)
        #expect(old.shownPrompt.utf8.count < 100_000)
        #expect(old.summary.hasSuffix("…"))
        #expect(old.shownPrompt.hasSuffix("…"))
    }
}
