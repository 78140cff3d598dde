const order = await tools.shop.orders.addNote({ id: "o0", body: { text: "Thank you!" } });
try {
  await tools.shop.orders.addNote({ id: "o999", body: { text: "Nobody reads this." } });
} catch (error) {
  return { notes: order.notes, status: error.data.status, said: error.data.body.message };
}
