<?php
// PHP's curl with CURLFile, on the walk of a user.
// Usage: php walk.php
// Each call prints one line of JSON: {"call": NAME, "error": null or TEXT}. src/test/clients/run.py reads the lines.
declare(strict_types=1);

const PHONE = '6281234567890';
const CHAT = PHONE . '@s.whatsapp.net';
const DEVICE = 'php';

function expect(bool $holds, mixed $what): void
{
    if (!$holds) {
        throw new RuntimeException(substr(is_string($what) ? $what : (json_encode($what, JSON_PARTIAL_OUTPUT_ON_ERROR) ?: '?'), 0, 600));
    }
}

function call(string $name, callable $block): void
{
    $error = null;
    try {
        $block();
    } catch (Throwable $wrong) {
        $error = substr(get_class($wrong) . ': ' . $wrong->getMessage(), 0, 900);
    }
    echo json_encode(['call' => $name, 'error' => $error], JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}

/** Returns status and body of a request. $options are curl's own. */
function send(string $method, string $path, array $options = [], array $query = ['device_id' => DEVICE]): array
{
    $curl = curl_init(getenv('GATEWAY_URL') . $path . ($query ? '?' . http_build_query($query) : ''));
    curl_setopt_array($curl, $options + [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_USERPWD => getenv('GATEWAY_USER') . ':' . getenv('GATEWAY_PASSWORD'),
    ]);
    $body = curl_exec($curl);
    expect($body !== false, curl_error($curl));
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    curl_close($curl);
    return [$status, $body];
}

function answer(string $method, string $path, array $options = [], array $query = ['device_id' => DEVICE]): array
{
    [$status, $body] = send($method, $path, $options, $query);
    return [$status, json_decode($body, true, 64, JSON_THROW_ON_ERROR)];
}

function json(array $body): array
{
    return [
        CURLOPT_POSTFIELDS => json_encode((object) $body),
        CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
    ];
}

function results(array $pair): mixed
{
    [$status, $answer] = $pair;
    expect($status === 200 && $answer['code'] === 'SUCCESS', $answer);
    return $answer['results'] ?? null;
}

/** Sends the picture under a file name. */
function sendNamed(?string $name): array
{
    $file = new CURLFile(getenv('PICTURE'), 'image/png', $name);
    $fields = ['phone' => PHONE, 'caption' => 'Grüße', 'view_once' => 'false', 'image' => $file];
    return answer('POST', '/send/image', [CURLOPT_POSTFIELDS => $fields]);
}

call('make a device', fn () => expect(
    results(answer('POST', '/devices', json(['device_id' => DEVICE])))['id'] === DEVICE,
    'another id',
));
call('log in', function (): void {
    results(answer('GET', '/app/login'));
    results(answer('POST', '/sandbox/pair'));
    expect(results(answer('GET', '/app/status'))['is_logged_in'] === true, 'not logged in');
});
call('send a text', function (): void {
    $sent = results(answer('POST', '/send/message', json(['phone' => PHONE, 'message' => 'Grüße & 100 % 👋'])));
    expect(isset($sent['message_id']), $sent);
});
call('send a text as a form', function (): void {
    $form = http_build_query(['phone' => PHONE, 'message' => 'by a form']);
    expect(isset(results(answer('POST', '/send/message', [CURLOPT_POSTFIELDS => $form]))['message_id']), 'no message_id');
});
call('send a text by HTTP/1.0', function (): void {
    $old = json(['phone' => PHONE, 'message' => 'by HTTP/1.0']) + [CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_0];
    expect(isset(results(answer('POST', '/send/message', $old))['message_id']), 'no message_id');
});
call('send a picture by CURLFile', fn () => results(sendNamed('picture.png')));
// Without a name, CURLFile puts the whole path into the form.
call('send a picture by CURLFile with its path as its name', fn () => results(sendNamed(null)));
call('send a picture under a long name', fn () => results(sendNamed(str_repeat('ä', 300) . '.png')));
call('send a picture under a name in Latin-1', fn () => results(sendNamed("Gr\xFC\xDFe.png")));
call('send a picture under a name with quotes', fn () => results(sendNamed('a "picture".png')));
call('send a file of some megabytes', function (): void {
    $file = tempnam(sys_get_temp_dir(), 'clients');
    file_put_contents($file, random_bytes(3_000_000));
    try {
        results(answer('POST', '/send/file', [CURLOPT_POSTFIELDS => ['phone' => PHONE, 'file' => new CURLFile($file, 'application/pdf', 'a.pdf')]]));
    } finally {
        unlink($file);
    }
});
call('send a picture by address', function (): void {
    $body = ['phone' => PHONE, 'image_url' => getenv('PICTURE_URL'), 'caption' => 'by address'];
    results(answer('POST', '/send/image', json($body)));
});
call('page through chats', function (): void {
    results(answer('POST', '/send/message', json(['phone' => '12025550101', 'message' => 'another chat'])));
    $found = [];
    foreach ([0, 1] as $offset) {
        $page = results(answer('GET', '/chats', [], ['device_id' => DEVICE, 'limit' => 1, 'offset' => $offset]));
        $found[] = $page['data'][0]['jid'];
    }
    sort($found);
    expect($found === ['12025550101@s.whatsapp.net', CHAT], $found);
});
call('read messages', function (): void {
    $page = results(answer('GET', '/chat/' . CHAT . '/messages', [], ['device_id' => DEVICE, 'start_time' => '2026-01-02T03:04:05Z']));
    $texts = array_column($page['data'], 'content');
    expect(!array_diff(['Grüße & 100 % 👋', 'by a form', 'Grüße', 'by address'], $texts), $page);
});
call('read an error', function (): void {
    [$status, $answer] = answer('POST', '/send/message', json([]));
    expect($status === 400 && $answer['code'] === 'VALIDATION_ERROR', $answer);
    expect(str_contains($answer['message'], 'phone') && str_contains($answer['message'], 'message'), $answer);
});
// A text given to CURLOPT_POSTFIELDS goes out as a form unless a header says what it is.
call('read which header a JSON body lacks', function (): void {
    [$status, $answer] = answer('POST', '/send/message', [CURLOPT_POSTFIELDS => '{"phone": "6281234567890", "message": "hello"}']);
    expect(in_array($status, [400, 415], true) && stripos($answer['message'], 'Content-Type') !== false, $answer);
});
call('be refused with a wrong password', function (): void {
    [$status] = send('GET', '/devices', [CURLOPT_USERPWD => 'admin:no'], []);
    expect($status === 401, $status);
});
call('receive a webhook and verify it', function (): void {
    $server = stream_socket_server('tcp://127.0.0.1:0');
    $secret = getenv('WEBHOOK_SECRET');
    $url = 'http://' . stream_socket_get_name($server, false) . '/hook';
    $hook = results(answer('POST', '/webhooks', json(['url' => $url, 'secret' => $secret, 'events' => ['message'], 'device' => DEVICE]), []));
    results(answer('POST', '/sandbox/inbound', json(['from' => '12025550101', 'message' => 'a question'])));
    $connection = stream_socket_accept($server, 15);
    expect($connection !== false, 'no webhook came');
    stream_set_timeout($connection, 10);
    $headers = [];
    fgets($connection);
    while (($line = trim((string) fgets($connection))) !== '') {
        [$name, $value] = explode(':', $line, 2);
        $headers[strtolower($name)] = trim($value);
    }
    $body = stream_get_contents($connection, (int) $headers['content-length']);
    fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    fclose($connection);
    $signature = fn (string $text): string => 'sha256=' . hash_hmac('sha256', $text, $secret);
    expect(str_contains($body, 'a question'), $body);
    expect(hash_equals($signature($body), $headers['x-hub-signature-256']), 'the signature is wrong');
    expect(!hash_equals($signature($body . ' '), $headers['x-hub-signature-256']), 'the signature of a changed body is right');
    results(answer('DELETE', '/webhooks/' . $hook['id'], [], []));
});
call('remove the device', fn () => results(answer('DELETE', '/devices/' . DEVICE, [], ['force' => 'true'])));
