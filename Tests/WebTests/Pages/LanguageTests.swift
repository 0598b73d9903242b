import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// The language of the pages.
@Suite struct LanguageTests {
    @Test(
        arguments: [
            (nil, Language.english), ("", .english), ("zh", .chinese), ("zh-CN,zh;q=0.9,en;q=0.8", .chinese), ("zh-TW", .chinese),
            ("en-GB,zh;q=0.9", .english), ("de,fr;q=0.9", .english), ("de, zh;q=0.1", .chinese), ("en;q=0.3, zh-Hans;q=0.4", .chinese),
            ("zh;q=0", .english), ("zh;q=x", .english), ("ZH-hans", .chinese), ("en,zh", .english), ("zh,en", .chinese),
        ] as [(String?, Language)])
    func `the browser's wish decides, the narrower part of a tag does not matter`(field: String?, language: Language) throws {
        let page = try WebFixture().get("/", field.map { [.acceptLanguage: $0] } ?? [:])
        #expect(page.text.contains("<html lang=\"\(language.rawValue)\">"))
        #expect(page.text.contains("<h1>\(language.texts.makePicture)</h1>"))
    }

    @Test func `the switch wins over the browser, and is remembered below the mount point`() throws {
        let page = try WebFixture().get("/krea/?lang=zh-Hans", mount: "/krea", [.acceptLanguage: "en"])
        #expect(page.text.contains("<html lang=\"zh-Hans\">"))
        #expect(page["Set-Cookie"] == "lang=zh-Hans; Path=/krea/; Max-Age=31536000; SameSite=Lax")
        #expect(page.text.contains("<a href=\"?lang=en\" hreflang=\"en\" lang=\"en\">English</a>"))
        let next = try WebFixture().get("/nothing", [.acceptLanguage: "en", .cookie: "lang=zh-Hans"])
        #expect(next.text.contains("此地址没有内容。"))
        #expect(next["Set-Cookie"] == nil)
        #expect(try WebFixture().get("/?lang=xx", [.cookie: "lang=yy"]).text.contains("<html lang=\"en\">"))
        #expect(try WebFixture().get("/api/models?lang=zh-Hans")["Set-Cookie"] == nil)
    }

    @Test func `a wrong field is told in the reader's language, programs read English`() throws {
        let fixture = WebFixture()
        let form = try fixture.postForm("prompt=&width=9&aspect_ratio=wide", [.acceptLanguage: "zh"])
        #expect(form.status == 422)
        for sentence in ["请填写提示词。", "宽度 9 无效，应为 512 至 2368 的整数。", "宽高比 &quot;wide&quot; 无效，应为 16:9 这样的比例。"] {
            #expect(form.text.contains(sentence))
        }
        #expect(try fixture.postJSON(#"{"prompt": ""}"#, [.acceptLanguage: "zh"]).text.contains("prompt must not be empty."))
    }

    @Test(arguments: JobFailure.Code.allCases)
    func `a job is told in the reader's language from the queue to its end`(code: JobFailure.Code) throws {
        let fixture = WebFixture()
        let driver = try JobDriver(fixture, members: ", \"seed\": 7")
        let waiting = try fixture.get("/jobs/\(driver.id)", [.acceptLanguage: "zh"])
        #expect(waiting.text.contains("排队中"))
        #expect(waiting.text.contains("未使用随机种子：Nano Banana 2 不支持。"))
        try driver.submit(.refused(JobFailure(code, detail: "words")))
        let failed = try fixture.get("/jobs/\(driver.id)", [.acceptLanguage: "zh"])
        let message: HTML = "<p class=\"problem\">\(Chinese().failure(JobFailure(code)))</p>"
        #expect(failed.text.contains(message.source))
        #expect(failed.text.contains("生成失败"))
        #expect(Chinese().failure(JobFailure(code)) != English().failure(JobFailure(code)))
        #expect(try fixture.get("/api/jobs/\(driver.id)", [.acceptLanguage: "zh"]).json["message"] == .string(JobFailure(code).message))
    }

    @Test(arguments: Language.allCases)
    func `the sentence about a missing token is the brief's own in every language`(language: Language) throws {
        let page = try WebFixture(settings: .init(hasToken: false)).get("/", [.acceptLanguage: language.rawValue])
        #expect(page.text.contains("Krea API token not configured — set KREA_API_TOKEN env."))
    }
}
