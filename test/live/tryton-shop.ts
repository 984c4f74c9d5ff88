/** A small company in a Tryton database: a customer, a product with seven pieces in stock, and sales on demand. Set up as a client would, over JSON-RPC. */
import { trytonDatabase, trytonPassword } from '../support';

type Json = Record<string, unknown>;

export class TrytonShop {
  private authorization = '';
  private context: Json = {};
  private ids: Record<string, number> = {};

  constructor(private readonly url: string) {}

  /** A call of a method, e.g. `sale.sale.read`; its result or, for what Tryton refuses, the error's name as exception. */
  async call<T>(method: string, ...params: unknown[]): Promise<T> {
    return this.post<T>(`model.${method}`, [...params, this.context]);
  }

  private async post<T>(method: string, params: unknown[]): Promise<T> {
    const response = await fetch(`${this.url}/${trytonDatabase}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: this.authorization },
      body: JSON.stringify({ id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result: T; error?: unknown };
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  private async create(model: string, values: Json): Promise<number> {
    const [id = 0] = await this.call<number[]>(`${model}.create`, [values]);
    return id;
  }

  private async first(model: string, ...domain: unknown[]): Promise<number> {
    const [id = 0] = await this.call<number[]>(`${model}.search`, domain);
    return id;
  }

  async open(): Promise<void> {
    const [id, key] = await this.post<[number, string]>('common.db.login', [
      'admin',
      { password: trytonPassword },
      'en',
    ]);
    this.authorization = `Session ${Buffer.from(`admin:${id}:${key}`).toString('base64')}`;
    const currency = await this.create('currency.currency', { name: 'Euro', code: 'EUR', symbol: 'EUR' });
    const owner = await this.create('party.party', { name: 'Our company' });
    const company = await this.create('company.company', { party: owner, currency });
    await this.call('res.user.write', [id], { companies: [['add', [company]]], company });
    this.context = await this.post('model.res.user.get_preferences', [true, {}]);
    this.ids = { company, currency };
    await this.addCustomer();
    await this.addProduct();
  }

  private async addCustomer(): Promise<void> {
    const addresses = [['create', [{ street: 'Street 1', city: 'Bremen' }]]];
    const customer = await this.create('party.party', { name: 'Customer', code: 'C-1001', addresses });
    this.ids.customer = customer;
    this.ids.address = await this.first('party.address', ['party', '=', customer]);
  }

  private async addProduct(): Promise<void> {
    const unit = await this.first('product.uom', ['symbol', '=', 'u']);
    const template = await this.create('product.template', {
      name: 'Bolt',
      code: 'SKU',
      default_uom: unit,
      sale_uom: unit,
      type: 'goods',
      salable: true,
      list_price: decimal('12.5'),
      cost_price_method: 'fixed',
      products: [['create', [{ suffix_code: '-1001' }]]],
    });
    const product = await this.first('product.product', ['template', '=', template]);
    Object.assign(this.ids, {
      unit,
      product,
      warehouse: await this.first('stock.location', ['code', '=', 'WH']),
    });
    const stocked = await this.create('stock.move', {
      product,
      uom: unit,
      quantity: 7,
      from_location: await this.first('stock.location', ['type', '=', 'lost_found']),
      to_location: await this.first('stock.location', ['code', '=', 'STO']),
      company: this.ids.company,
      currency: this.ids.currency,
      unit_price: decimal('1'),
    });
    await this.call('stock.move.do', [stocked]);
  }

  /** A sale of ten pieces, draft or under way; its number, and the ids that Tryton gave. */
  async sale(
    underWay: boolean,
    more: Json = {},
  ): Promise<{ id: number; number: string; line: string; move: string }> {
    const { customer, address, company, currency, warehouse, product, unit } = this.ids;
    const id = await this.create('sale.sale', {
      party: customer,
      company,
      currency,
      warehouse,
      invoice_address: address,
      shipment_address: address,
      invoice_method: 'manual',
      shipment_method: 'order',
      reference: 'PO-77',
      shipping_date: { __class__: 'date', year: 2099, month: 3, day: 2 },
      lines: [['create', [{ type: 'line', product, unit, quantity: 10, unit_price: decimal('12.5') }]]],
      ...more,
    });
    await this.call('sale.sale.quote', [id]);
    await this.call(underWay ? 'sale.sale.confirm' : 'sale.sale.draft', [id]);
    const [read] = await this.call<SaleRead[]>('sale.sale.read', [id], ['number', 'lines.moves']);
    const [line] = read?.['lines.'] ?? [];
    return { id, number: read?.number ?? '', line: String(line?.id), move: String(line?.moves[0]) };
  }

  /** The shipment that a move leaves in. */
  async shipmentOf(move: string): Promise<ShipmentRead> {
    const [read] = await this.call<{ shipment: string }[]>('stock.move.read', [Number(move)], ['shipment']);
    const id = Number(read?.shipment.split(',')[1]);
    const fields = ['number', 'state', 'inventory_moves.quantity'];
    const [shipment] = await this.call<ShipmentRead[]>('stock.shipment.out.read', [id], fields);
    if (shipment === undefined) throw new Error(`move ${move} has no shipment`);
    return shipment;
  }
}

interface SaleRead {
  number: string;
  'lines.': { id: number; moves: number[] }[];
}

interface ShipmentRead {
  id: number;
  number: string;
  state: string;
  'inventory_moves.': { quantity: number }[];
}

const decimal = (text: string) => ({ __class__: 'Decimal', decimal: text });
