// The npm client that WeChat publishes, against whatever answers at argv[2]; prints what it saw as JSON.
const path = require('node:path');
const automator = require(path.join(__dirname, '../../../fixtures/kits/node_modules/miniprogram-automator'));

(async () => {
  const program = await automator.connect({ wsEndpoint: process.argv[2] });
  const seen = {};
  const page = await program.currentPage();
  seen.path = page.path;
  seen.stack = (await program.pageStack()).length;
  seen.texts = await Promise.all((await page.$$('view')).map((view) => view.text()));
  const button = await page.$('.go');
  seen.button = { tag: button.tagName, text: await button.text(), size: await button.size(), offset: await button.offset(),
    colour: await button.style('color'), wxml: await button.outerWxml(), class: await button.attribute('class') };
  seen.missing = await page.$('.nothing-like-it');
  seen.data = await page.data('series.total');
  await button.tap();
  await page.waitFor(300);
  seen.tapped = (await program.currentPage()).path;

  const shop = await program.reLaunch('/vip/pages/shop/shop');
  const cards = await shop.$$('plan-card');
  seen.components = await Promise.all(cards.map(async (card) => ({ kind: card.constructor.name, data: (await card.data('plan')).fen,
    inner: await (await card.$('.name')).text() })));
  seen.across = (await shop.$$('.price')).length;
  await (await cards[1].$('.card')).tap();
  await page.waitFor(200);
  seen.chosen = await shop.data('chosen');
  await shop.callMethod('tick');
  seen.ticked = await shop.data('agreed');
  await shop.setData({ agreed: true });

  const heard = [];
  await program.exposeFunction('heard', (name) => heard.push(name));
  await program.mockWxMethod('showToast', function (options) { heard(options.title); return this.origin ? 'origin' : 'none'; });
  seen.mocked = await program.evaluate(() => wx.showToast({ title: '你好' }));
  await program.restoreWxMethod('showToast');
  await program.mockWxMethod('getSystemInfoSync', { mocked: true });
  seen.info = await program.systemInfo();
  await program.restoreWxMethod('getSystemInfoSync');
  seen.restored = (await program.systemInfo()).SDKVersion;
  seen.sum = await program.evaluate((a, b) => a + b, 2, 3);
  seen.scrolled = [await shop.scrollTop(), (await shop.size()).width];
  seen.picture = (await program.screenshot()).length;
  await page.waitFor(200);
  seen.heard = heard;
  process.stdout.write(JSON.stringify(seen));
  program.disconnect();
})().catch((error) => { process.stderr.write(`${error.stack}\n`); process.exit(1); });
