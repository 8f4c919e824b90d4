"""What the bot says: messages for all, words for one person, changes to both, and files."""

from typing import Any

from .block_rules import NOT_EVERYWHERE, refuse_bad_blocks
from .directory_methods import file_json, message_json
from .refusals import Json, Refusal
from .state import Channel, Message, ResponseUrl, Upload, Workspace

_LONGEST_TEXT = 40_000
_LONGEST_METADATA = 16_000
_RESPONSE_URL_USES = 5
_RESPONSE_URL_SECONDS = 30 * 60


def post_message(slack: Workspace, args: Json) -> Json:
    channel = _open_channel(slack, args.get("channel"))
    if slack.bot_user not in channel.members and "chat:write.public" not in slack.scopes:
        raise Refusal("not_in_channel")
    message = _composed(slack, channel, args)
    if args.get("thread_ts"):
        parent = _parent(slack, channel, args["thread_ts"])
        parent.thread_ts = message.thread_ts = parent.ts
    slack.add(message)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(slack, message)}


def post_ephemeral(slack: Workspace, args: Json) -> Json:
    channel = _open_channel(slack, args.get("channel"))
    if slack.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    if args.get("user") not in channel.members:
        raise Refusal("user_not_in_channel")
    message = _composed(slack, channel, args)
    message.ephemeral_to = args["user"]
    if args.get("thread_ts"):
        message.thread_ts = _parent(slack, channel, args["thread_ts"]).ts
    slack.add(message)
    return {"message_ts": message.ts}


def update(slack: Workspace, args: Json) -> Json:
    message = _own(slack, args, refusal="cant_update_message")
    _rewrite(slack, message, args)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message_json(slack, message)}


def delete(slack: Workspace, args: Json) -> Json:
    message = _own(slack, args, refusal="cant_delete_message")
    slack.messages.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(slack: Workspace, args: Json) -> Json:
    channel = slack.channel(args.get("channel"))
    message = slack.message(channel.id, args.get("message_ts"))
    link = f"{slack.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def get_upload_url(slack: Workspace, args: Json) -> Json:
    if not args.get("filename") or not args.get("length"):
        raise Refusal("invalid_arguments", faults=["missing required field: filename or length"])
    upload = Upload(
        slack.new_id("F"), args["filename"], int(args["length"]), slack.bot_user, alt_text=args.get("alt_txt")
    )
    slack.uploads[upload.id] = upload
    return {"upload_url": f"{slack.base_url}/upload/{upload.id}", "file_id": upload.id}


def complete_upload(slack: Workspace, args: Json) -> Json:
    uploads = [_received(slack, entry) for entry in args.get("files") or ()]
    if not uploads:
        raise Refusal("invalid_arguments", faults=["missing required field: files"])
    wanted = args.get("channel_id") or args.get("channels")
    if wanted:
        for channel_id in wanted.split(","):
            _share(slack, channel_id, uploads, args)
    for upload in uploads:
        upload.is_complete = True
    return {"files": [file_json(slack, upload) for upload in uploads]}


def files_info(slack: Workspace, args: Json) -> Json:
    upload = slack.uploads.get(str(args.get("file")))
    if upload is None or not upload.is_complete:
        raise Refusal("file_not_found")
    return {"file": file_json(slack, upload)}


def respond(slack: Workspace, secret: str, args: Json) -> None:
    """An answer by `response_url`, under the rules Slack keeps for those."""
    url = slack.response_urls.get(secret)
    if url is None or slack.now() - url.issued_at > _RESPONSE_URL_SECONDS:
        raise Refusal("expired_url", status=404)
    if url.uses >= _RESPONSE_URL_USES:
        raise Refusal("used_url", status=404)
    answer(slack, url, args)
    url.uses += 1


def answer(slack: Workspace, url: ResponseUrl, args: Json) -> None:
    """What the person sees of an answer: for their eyes only, unless it says otherwise."""
    original = url.answers_to
    if args.get("delete_original"):
        if original in slack.messages:
            slack.messages.remove(original)
        return
    if args.get("replace_original") and original is not None:
        _rewrite(slack, original, {"blocks": [], **args})
        return
    message = _composed(slack, slack.channels[url.channel], args)
    if args.get("response_type", "ephemeral") == "ephemeral":
        message.ephemeral_to = url.user
    elif args["response_type"] != "in_channel":
        raise Refusal("invalid_arguments", faults=["unknown response_type"])
    message.thread_ts = args.get("thread_ts")
    slack.add(message)


def _composed(slack: Workspace, channel: Channel, args: Json) -> Message:
    text, blocks = _content(slack, args)
    message = Message(slack.new_ts(), channel.id, slack.bot_user, text, blocks or [])
    if args.get("metadata"):
        message.metadata = _sound_metadata(args["metadata"])
    return message


def _content(slack: Workspace, args: Json) -> tuple[str, list[Json] | None]:
    """The text and blocks given; no blocks at all is told from an empty list of them."""
    text, blocks = str(args.get("text") or ""), args.get("blocks")
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > _LONGEST_TEXT:
        raise Refusal("msg_too_long")
    if blocks is None:
        return text, None
    if not slack.draws_tables and any(each.get("type") in NOT_EVERYWHERE for each in blocks):
        raise Refusal("invalid_blocks")
    return text, slack.named(refuse_bad_blocks(blocks, "message", files=slack.known_pictures()))


def _rewrite(slack: Workspace, message: Message, args: Json) -> None:
    """Blocks that an update does not name stay as they are."""
    text, blocks = _content(slack, args)
    message.text = text or message.text
    if blocks is not None:
        message.blocks = blocks
    if args.get("metadata"):
        message.metadata = _sound_metadata(args["metadata"])
    message.is_edited = True


def _sound_metadata(metadata: Any) -> Json:
    if not isinstance(metadata, dict) or metadata.keys() != {"event_type", "event_payload"}:
        raise Refusal("invalid_metadata_format")
    if not metadata["event_type"] or not isinstance(metadata["event_payload"], dict):
        raise Refusal("invalid_metadata_schema")
    if len(str(metadata)) > _LONGEST_METADATA:
        raise Refusal("metadata_too_large")
    return metadata


def _open_channel(slack: Workspace, channel_id: object) -> Channel:
    """Where to post: a channel, or a person by id, which means their direct messages."""
    if isinstance(channel_id, str) and channel_id in slack.users:
        if slack.users[channel_id].deleted:
            raise Refusal("channel_not_found")
        return slack.direct_channel(channel_id)
    channel = slack.channel(channel_id)
    if channel.is_archived:
        raise Refusal("is_archived")
    return channel


def _parent(slack: Workspace, channel: Channel, ts: str) -> Message:
    try:
        return slack.message(channel.id, ts)
    except Refusal as refusal:
        raise Refusal("thread_not_found") from refusal


def _own(slack: Workspace, args: Json, *, refusal: str) -> Message:
    channel = slack.channel(args.get("channel"))
    message = slack.message(channel.id, args.get("ts"))
    if message.user != slack.bot_user:
        raise Refusal(refusal)
    if channel.is_archived:
        raise Refusal("is_archived")
    return message


def _received(slack: Workspace, entry: Json) -> Upload:
    upload = slack.uploads.get(str(entry.get("id")))
    if upload is None or upload.content is None or upload.is_complete:
        raise Refusal("file_not_found")
    upload.title = entry.get("title") or upload.name
    upload.alt_text = entry.get("alt_txt") or upload.alt_text
    return upload


def _share(slack: Workspace, channel_id: str, uploads: list[Upload], args: Json) -> None:
    channel = slack.channels.get(channel_id)
    if channel is None:
        raise Refusal("invalid_channel")
    if slack.bot_user not in channel.members or channel.is_archived:
        raise Refusal("posting_to_channel_denied")
    text = str(args.get("initial_comment") or "")
    message = Message(slack.new_ts(), channel.id, slack.bot_user, text, files=uploads)
    if args.get("thread_ts"):
        message.thread_ts = _parent(slack, channel, args["thread_ts"]).ts
    for upload in uploads:
        upload.channels.append(channel.id)
    slack.add(message)
