import HTTPTypes
import Jobs

/// Simplified Chinese.
struct Chinese: Texts {
    let siteName = "Krea 图片"
    let languageSwitch = "语言"
    let simulated = "图片来自本机的模拟器，不产生费用。"

    let makePicture = "生成图片"
    let checkForm = "请检查填写内容"
    let make = "生成图片"
    let details = "尺寸、数量与参考图"
    let model = "模型"
    let modelHint = "各模型的特长、通常耗时和已知价格。"

    func bestFor(_ model: Model) -> String {
        switch model.kind {
        case .nanoBanana2: "最快、最便宜，适合多张图片；场景丰富"
        case .flux: "细致的照片与风格、LoRA、自定义比例；20–40 步"
        case .imagen4Fast: "写实、文字排版、产品图"
        case .seedream3: "写实、灵活的分辨率、“8K 细节”"
        case .ideogram3: "扁平与图形风格、图中文字、海报"
        case .nanoBananaPro: "文字排版、写实、4K"
        case .nanoBanana: "基本场景"
        }
    }

    func madeBy(_ name: String) -> String { "现由 \(name) 生成" }
    let notOffered = "Krea 已不再提供"
    func seconds(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound)–\(range.upperBound) 秒" }
    func only(_ models: [String]) -> String { "仅 \(models.joined(separator: "、"))" }
    let asModelLikes = "由模型决定"
    let otherRatio = "其他比例"
    let characters = "{} / 10,000 个字符"

    func label(_ field: RequestField) -> String {
        switch field {
        case .prompt: "提示词"
        case .width: "宽度"
        case .height: "高度"
        case .batchSize: "图片数量"
        case .aspectRatio: "宽高比"
        case .imageURLs: "参考图"
        case .steps: "步数"
        case .resolution: "分辨率"
        case .seed: "随机种子"
        case .guidanceScale: "引导强度"
        case .strength: "改动强度"
        case .styles: "风格"
        case .styleImages: "风格图片"
        case .imageStyleReferences: "风格参考"
        case .characterReferenceImages: "角色图片"
        }
    }

    func hint(_ field: RequestField, _ bounds: ClosedRange<Double>?) -> String {
        let range = bounds.map { "\(JSONValue.number($0.lowerBound).brief) 至 \(JSONValue.number($0.upperBound).brief)" }
        let within = range.map { "，\($0)" } ?? ""
        return switch field {
        case .prompt: "描述您想要的画面"
        case .width, .height: range.map { "\($0) 像素" } ?? "像素；各模型范围不同"
        case .batchSize: "\(RequestLimits.batchSize.lowerBound) 至 \(RequestLimits.batchSize.upperBound)；超过 2 张需等待更久"
        case .aspectRatio: "例如 16:9"
        case .imageURLs, .characterReferenceImages: "https 地址，每行一个"
        case .steps: "20 至 40 效果最好；留空为 28"
        case .resolution: "越高越慢，也越贵"
        case .seed: "数字相同，图片相同"
        case .guidanceScale: "遵循提示词的程度\(within)"
        case .strength: "对起始图片的改动程度\(within)"
        case .styles: "风格 ID 与强度（-2 至 2），每行一个：ID 0.8"
        case .styleImages, .imageStyleReferences: "https 地址与强度（-2 至 2），每行一个"
        }
    }

    func left(_ pictures: Allowance.Pictures, until moment: String) -> String {
        "您每天可生成 \(pictures.limit) 张图片，今天还剩 \(pictures.left) 张；\(moment) 重新计算。"
    }

    func otherProblems(_ count: Int) -> String { "另有 \(count) 处问题。" }

    func fault(_ fault: RequestFault, of member: String) -> String {
        let name = RequestField.named(member).map(label) ?? (member == "model" ? model : member)
        return switch fault {
        case .required: "请填写\(name)。"
        case .noText: "\(name)必须是文字。"
        case .empty: "\(name)不能为空。"
        case .invisible: "\(name)中没有任何可见字符。"
        case .control(let character): "\(name)不能包含制表符和换行以外的控制字符（\(character)）。"
        case .tooLong(let count, let most): "\(name)最多 \(most) 个字符，现有 \(count) 个。"
        case .tooShort(let count, let least): "\(name)至少 \(least) 个字符，现有 \(count) 个。"
        case .unknownModel(let value): "没有名为 \(value) 的模型，可选：\(Model.all.map(\.name).joined(separator: "、"))。"
        case .otherModel(let value, let model): "模型 \(value) 与此地址的模型 \(model.name) 不符。"
        case .modelGone(let model): "Krea 已不再提供 \(model.name)，请选择其他模型。"
        case .outside(let value, let allowed): "\(name) \(value) 无效，\(Self.words(allowed))。"
        case .givenTwice(let other): "\(member) 重复给出，另一处是 \(other)。"
        case .unknownMember([]): "没有名为 \(member) 的字段。"
        case .unknownMember(let allowed): "没有名为 \(member) 的字段，可用：\(allowed.joined(separator: "、"))。"
        case .webhooksOff: "此处不能使用 \(member)：管理员没有允许任何主机。"
        case .noWebhookAddress(let value, let most): "\(member) \(value) 应为不超过 \(most) 个字符、不含用户名的 https 地址。"
        case .webhookHost(let host): "\(member) 的主机 \(host) 未经管理员允许。"
        case .insecureWebhook: "\(member) 必须以 https:// 开头。"
        }
    }

    private static func words(_ allowed: RequestFault.Allowed) -> String {
        let bounds = { (least: Double?, most: Double?) -> String in
            let text = { (number: Double) in JSONValue.number(number).brief }
            return switch (least, most) {
            case (let least?, let most?): " \(text(least)) 至 \(text(most)) 的"
            case (let least?, nil): "不小于 \(text(least)) 的"
            case (nil, let most?): "不大于 \(text(most)) 的"
            case (nil, nil): ""
            }
        }
        return switch allowed {
        case .wholeNumber(let least, let most): "应为\(bounds(least, most))整数"
        case .number(let least, let most): "应为\(bounds(least, most))数字"
        case .ratio: "应为 16:9 这样的比例"
        case .oneOf(let words): "可选：\(words.joined(separator: "、"))"
        case .text: "应为文字"
        case .weighted(_, let most): "每行应有一项和 -2 至 2 的强度，最多 \(most) 行"
        case .addresses(let most): "最多 \(most) 个地址"
        case .addressInASCII: "主机名应使用 ASCII 字母，其他文字请写成 Punycode（xn--…）"
        case .address: "应为不超过 \(RequestLimits.imageURLCharacters) 个字符的 https 地址或 data:image URI"
        }
    }

    let yourPicture = "您的图片"

    func heading(_ state: JobState, isBeingCancelled: Bool) -> String {
        if isBeingCancelled { return "正在取消" }
        return switch state {
        case .waiting: "排队中"
        case .submitting: "正在发送给 Krea"
        case .unconfirmed: "正在核实"
        case .running: "生成中"
        case .completed: "已完成"
        case .failed: "生成失败"
        case .cancelled: "已取消"
        case .timedOut: "已超时"
        }
    }

    func place(_ position: Int) -> String { position == 0 ? "排在第一位" : "前面还有 \(position) 个任务" }
    func waiting(_ place: String, from start: String?) -> String { "\(place)；\(start ?? "稍后") 开始。" }
    func running(_ work: String, until end: String?) -> String { "\(work)预计 \(end ?? "稍后") 完成。" }
    let beingCancelled = "正在取消。"
    let beingSent = "正在发送给 Krea。"
    let beingChecked = "Krea 的答复丢失了，正在核实 Krea 是否收到任务。只有在 Krea 没有此任务时才会再次发送。"
    func working(_ status: String) -> String { "Krea 正在处理：\(status)。" }
    func made(_ count: Int, of all: Int) -> String { "\(all) 张图片已完成 \(count) 张。" }
    func schedule(start: HTML, end: HTML) -> HTML { "您的图片将于 \(start) 开始，预计 \(end) 完成。" }
    func starts(_ start: HTML) -> HTML { "您的图片将于 \(start) 开始。" }
    func expected(_ end: HTML) -> HTML { "您的图片预计 \(end) 完成。" }
    let progress = "进度"
    let keepsUpToDate = "本页会自动更新。"
    let lookForNews = "查看最新状态"
    func rateLimited(until moment: String?) -> String {
        moment.map { "请求过于频繁 — Krea 要求在 \($0) 之前停止调用" } ?? "请求过于频繁 — 请等待 1 分钟"
    }
    func submissionsLost(until moment: String) -> String { "向 Krea 发送任务时没有答复；\(moment) 再次尝试，任务不会丢失。" }
    func neverArrived(_ attempts: Int) -> String { "Krea 已有 \(attempts) 次未能接收此任务，现排在其他任务之后等待再次发送。" }
    func outOfCompute(until moment: String) -> String { "算力额度已用完 — 请升级套餐；\(moment) 再次尝试。" }
    let tokenRefused = "Krea 拒绝了 API 令牌 — 需由管理员更换；在此之前任务将等待。"
    func moneySpent(until moment: String) -> String { "管理员设定的每日费用已用完；\(moment) 继续。" }
    func paused(because words: String) -> String { "管理员已暂停队列：\(words)" }
    func unanswered(since moment: String) -> String { "自 \(moment) 起无法连接 Krea，或 Krea 出现故障；系统会不断重试，任务不会丢失。" }
    func generated(_ models: String, _ summary: String) -> String { "由 \(models) 生成：\(summary)" }

    func failure(_ failure: JobFailure) -> String {
        switch failure.code {
        case .timedOut: "任务超时 — 复杂的提示词需要更久，请简化后重试或检查额度。"
        case .outOfCompute: "算力额度已用完 — 请升级套餐"
        case .refused: "Krea 拒绝了请求 — 请修改后重新发送"
        case .contentRefused: "Krea 拒绝了内容\(failure.refusal.map { "：\(Self.words($0))" } ?? "") — 请修改提示词或图片"
        case .unauthorised: "Krea 拒绝了 API 令牌 — 需由管理员检查 KREA_API_TOKEN"
        case .forbidden: "Krea 拒绝访问 — 需由管理员检查账户"
        case .modelUnavailable: "Krea 已不再提供此模型 — 请选择其他模型"
        case .submissionUnconfirmed: "Krea 的答复丢失，无法确定哪个任务属于您 — 没有重新发送；图片可能仍会出现在 Krea 账户中"
        case .submissionUndecidable: "Krea 的答复丢失，其任务列表也无法确定是否收到此任务 — 没有重新发送；图片可能仍会出现在 Krea 账户中"
        case .cancellationUnconfirmed: "未能取消：Krea 的答复丢失，其任务列表也无法确定哪个是此任务 — 没有重新发送；图片可能仍会出现在 Krea 账户中"
        case .restored: "服务已从备份恢复，无法确定此任务是否已发送 — 没有重新发送；如仍需要请重新发送"
        case .notTaken: "Krea \(Submission.mostStrikes) 次未能接收此任务，而同时接收了其他任务；没有生成，也未产生费用 — 请修改后重试，或稍后再发送"
        case .tooExpensive: "费用超过此处每天的上限 — 请选择其他模型或减少数量"
        case .generationFailed: "Krea 未能生成图片 — 请重试或修改提示词"
        case .noImage: "Krea 完成了任务但没有图片 — 通常是内容被拒绝，请修改提示词"
        case .foreignHost: "Krea 已完成，但图片位于此处不允许的主机 — 请联系管理员允许该主机，然后再次查询"
        case .lostAtKrea: "Krea 已找不到此任务 — 请重新发送"
        case .cancelled: "已在 Krea 取消 — 如仍需要请重新发送"
        case .cancelledBefore: "发送前已取消 — 未产生费用"
        }
    }

    private static func words(_ refusal: ContentRefusal) -> String {
        switch refusal {
        case .nsfw: "不适宜公开的内容"
        case .ipDetected: "受保护的作品、品牌或角色"
        case .violence: "暴力场景"
        case .personalInfo: "个人信息"
        }
    }

    func warning(_ warning: Warning) -> String {
        switch warning {
        case .replaced(let model, let used): "Krea 已不再提供 \(model)，改用 \(used)。"
        case .longerQueue: "超过 2 张图片或 4K：排队时间更长。"
        case .notTaken(let field, let used): "未使用\(label(field))：\(used) 不支持。"
        case .notAllowed(let field, let value): "未使用\(label(field))：不允许 \(value)。"
        case .onlyFirst(let field, let count): "\(count) 项\(label(field))中只使用第一项。"
        case .sizeForRatio(let ratio, let width, let height): "宽高比 \(ratio) 已换算为 \(width) × \(height) 像素：该模型只接受尺寸。"
        case .strangeAddresses(let count, let all): "\(all) 个图片地址中有 \(count) 个不在 Krea 的主机上，已略去。"
        case .surplus(let count): "Krea 返回的图片多于请求的数量：只显示前 \(count) 张。"
        case .missing(let count, let all, let reason): "\(all) 张图片中有 \(count) 张未能生成\(reason.map { "：\(failure($0))" } ?? "。")"
        }
    }

    let kreasWords = "Krea 的原话："
    func told(_ host: String) -> String { "已通知 \(host)。" }
    func notTold(_ host: String, _ reason: String?) -> String { "未能通知 \(host)（\(reason ?? "没有答复")）。" }

    func telling(_ host: String, attempt: Int?, at moment: String?) -> String {
        guard let attempt, let moment else { return "结束时会通知 \(host)。" }
        return "正在通知 \(host)；第 \(attempt) 次尝试在 \(moment)。"
    }

    let cancel = "取消"
    let resume = "再次查询"
    let mayStillFinish = "Krea 可能仍会完成并计费。"
    let mayStillBring = "Krea 可能仍有这张已付费的图片。"
    let makeAnother = "再生成一张"
    let keptHere = "本站副本"
    let from = "来自"
    let size = "尺寸"

    func pixels(_ width: Int?, _ height: Int?) -> String? {
        switch (width, height) {
        case (let width?, let height?): "\(width) × \(height) 像素"
        case (let width?, nil): "宽 \(width) 像素"
        case (nil, let height?): "高 \(height) 像素"
        case (nil, nil): nil
        }
    }

    let myPictures = "我的图片"
    let noPictures = "还没有图片。"
    let open = "打开"
    let download = "下载"
    let copyAddress = "复制地址"
    let copyMarkdown = "复制 Markdown"
    let copied = "已复制"
    let useAgain = "再次使用"
    let forget = "清除记录"
    let forgetHint = "只有此浏览器知道这些图片属于您。"

    func problemHeading(_ status: Int) -> String {
        switch status {
        case 404: "未找到"
        case 410: "已不存在"
        case 500...: "出现问题"
        default: "操作未成功"
        }
    }

    func refusal(_ refusal: Refusal) -> String {
        let again = refusal.retryAfter.map { "，请在 \($0) 秒后重试" } ?? ""
        return switch refusal.reason {
        case .nothingThere: "此地址没有内容。"
        case .malformedAddress: "地址格式不正确。"
        case .unknownJob: "没有此编号的任务。"
        case .removedJob: "此编号的任务早已结束并被删除。"
        case .unknownRoute(let route): "image/\(route.beginning(80)) 没有对应的模型。"
        case .onlyImages(let kind): "此处只生成图片，不提供“\(kind.beginning(40))”。"
        case .wrongMethod(let method, let allowed):
            "此处不支持 \(method.rawValue)，可用：\(allowed.map(\.rawValue).joined(separator: "、"))。"
        case .crossSite: "不接受其他网站发来的请求。"
        case .userMissing: "此处仅供已登录的用户使用。"
        case .keyMissing: "需要密钥：请在 Authorization 标头中以 Bearer 方式发送。"
        case .unknownKey: "Authorization 标头中的密钥无效。"
        case .wrongSignature: "此地址的签名无效。"
        case .wrongMediaType(let needed): "内容类型必须是 \(needed)。"
        case .contentCoding(let coding): "内容不能使用 Content-Encoding；不支持 \(JSONValue.string(coding).brief)。"
        case .brokenForm: "表单不是有效的 UTF-8 编码，或超过 \(FormFields.most) 个字段。"
        case .brokenBody(let fault): Self.sentence(fault)
        case .invalid(let request): fault(request.problems[0].fault, of: request.problems[0].member)
        case .badParameter(let fault): Self.sentence(fault)
        case .idempotencyConflict: "此 Idempotency-Key 在 24 小时内已用于另一个请求，未接受任何任务。"
        case .queueFull(.client, let limits): "您的队列已满，最多 \(limits.perClient) 个任务等待\(again)。"
        case .queueFull(.total, let limits): "队列已满，所有用户最多共有 \(limits.total) 个任务等待\(again)。"
        case .dailyLimit(let allowance):
            "每天最多 \(allowance.pictures?.limit ?? 0) 张图片，今天还剩 \(allowance.pictures?.left ?? 0) 张；00:00 UTC 重新计算。"
        case .spendLimit: "管理员设定的每日费用已用完；00:00 UTC 后可以继续。"
        case .tooExpensive: "\(failure(JobFailure(.tooExpensive)))。"
        case .tokenMissing: tokenMissingMessage
        case .storeUnavailable(.busy): "存储繁忙，没有任何更改\(again)。"
        case .storeUnavailable(.full): "存储空间已满，没有任何更改；需由管理员清理\(again)。"
        case .storeUnavailable(.unusable): "存储暂时不可用，没有任何更改；需由管理员检查\(again)。"
        case .alreadyFinished: "任务已结束，无法取消。"
        case .notTimedOut: "只有 Krea 可能仍会提供图片的任务可以再次查询。"
        case .transport(_, "internal_error", _): "内部错误。"
        case .transport(_, _, let sentence): sentence
        }
    }

    private static func sentence(_ fault: Refusal.BodyFault) -> String {
        switch fault {
        case .notUTF8: "内容不是有效的 UTF-8。"
        case .notJSON: "内容不是有效的 JSON。"
        case .tooDeep(let most): "内容的嵌套超过 \(most) 层。"
        case .tooManyValues(let most): "内容的值超过 \(most) 个。"
        case .noObject(let value): "内容必须是 JSON 对象，而不是 \(value)。"
        case .repeated(let path): "\(name(path) ?? "内容")重复给出。"
        case .outOfRange(let path): "\(name(path) ?? "内容")的数字超出范围。"
        case .notEncoded: "地址中的请求编码不正确。"
        }
    }

    private static func sentence(_ fault: Refusal.ParameterFault) -> String {
        switch fault {
        case .idempotencyKey: "Idempotency-Key 应为 1 至 255 个可见的 ASCII 字符。"
        case .limit(let value): "limit \(value) 应为 \(JobListQuery.limits.lowerBound) 至 \(JobListQuery.limits.upperBound) 的整数。"
        case .cursor(let value): "cursor \(value) 应为列表的 next_cursor，或 2026-01-31T12:00:00Z 这样的时间。"
        case .wait(let value): "wait \(value) 应为 \(WaitPreference.bounds.lowerBound) 至 \(WaitPreference.bounds.upperBound) 的整数（秒）。"
        case .status(let value): "没有名为 \(value) 的状态，可选：\(JobListQuery.words.joined(separator: "、"))。"
        }
    }

    func inLog(_ name: HTML) -> HTML { "日志中的编号为 \(name)。" }
    let toForm = "返回表单"
}
